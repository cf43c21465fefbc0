#pragma once
// The signature of a call, by which the receiver knows that it comes from us, unchanged and lately.

namespace caravan {

/// The value of `Caravan-Signature`: `t=<seconds since 1970>,v1=<hex>`, where hex is the HMAC-SHA256 of `t.body` with
/// the connection's secret: the digits of t, a dot, and the bytes of the body.
std::string sign_call(std::string_view secret, std::chrono::sys_seconds at, std::string_view body);

}  // namespace caravan
