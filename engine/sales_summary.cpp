// The mail that hands a buying group to sales: one card that says who, how complete and whom to call, made of tables
// and inline styles as mail programs want it, without images, and with colours of its own for dark surroundings.

#include <cassert>

#include "engine/template_message.hpp"

namespace caravan {
namespace {

constexpr std::string_view subject =
    "{{interest.title}}: {{#account.name}}{{account.name}}{{/account.name}}"
    "{{^account.name}}{{account.key}}{{/account.name}} is ready for you";

constexpr std::string_view preheader =
    "{{#group.completeness}}Buying group {{group.completeness}}% complete.{{/group.completeness}}"
    "{{#members}} {{name}}{{#role}} ({{role}}){{/role}}.{{/members}}";

constexpr std::string_view text = R"({{interest.title}}
{{#account.name}}{{account.name}} ({{account.key}}){{/account.name}}{{^account.name}}{{account.key}}{{/account.name}}
{{#account.industry}}Industry: {{account.industry}}
{{/account.industry}}
{{#account.website}}{{account.website}}
{{/account.website}}

Buying group: {{group.completeness}}% complete
{{#missing_roles}}
Still missing: {{.}}
{{/missing_roles}}

{{#members}}
- {{name}}{{#title}}, {{title}}{{/title}}{{#role}} [{{role}}]{{/role}}{{#email}} <{{email}}>{{/email}}
{{/members}}
{{^members}}
Nobody is in the group yet.
{{/members}}

Sent by the journey "{{journey.title}}".
)";

constexpr std::string_view html = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{{interest.title}}</title>
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #12161c !important; }
  .card { background: #1c222b !important; border-color: #303947 !important; }
  .ink { color: #eef1f5 !important; }
  .soft { color: #a5b0bf !important; }
  .line { border-color: #303947 !important; }
  .track { background: #303947 !important; }
  .chip { background: #3a2f16 !important; color: #f3cf83 !important; }
  .link { color: #7fb4ff !important; }
}
@media (max-width: 480px) {
  .pad { padding-left: 20px !important; padding-right: 20px !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f2f4f7;">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f2f4f7;">
<tr><td align="center" style="padding:28px 12px;">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background:#ffffff;border:1px solid #dfe4ea;border-radius:10px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;">

<tr><td class="pad" style="padding:28px 32px 0 32px;">
<p class="soft" style="margin:0 0 6px 0;font-size:13px;line-height:18px;color:#5c6878;">{{interest.title}}</p>
<h1 class="ink" style="margin:0;font-size:24px;line-height:30px;font-weight:600;color:#17202c;">{{#account.name}}{{account.name}}{{/account.name}}{{^account.name}}{{account.key}}{{/account.name}}</h1>
<p class="soft" style="margin:6px 0 0 0;font-size:14px;line-height:20px;color:#5c6878;">{{account.key}}{{#account.industry}} &middot; {{account.industry}}{{/account.industry}}{{#account.website}} &middot; {{account.website}}{{/account.website}}</p>
</td></tr>

{{#group.completeness}}
<tr><td class="pad" style="padding:22px 32px 0 32px;">
<p class="ink" style="margin:0 0 8px 0;font-size:14px;line-height:20px;color:#17202c;"><strong>{{group.completeness}}%</strong> of the buying group is complete</p>
<table role="presentation" class="track" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#e4e9ef;border-radius:4px;">
<tr><td style="font-size:0;line-height:0;"><div style="width:{{group.completeness}}%;height:8px;border-radius:4px;background:#2f7d4f;">&nbsp;</div></td></tr>
</table>
</td></tr>
{{/group.completeness}}

<tr><td class="pad" style="padding:18px 32px 0 32px;font-size:14px;line-height:28px;">
{{#missing_roles}}
<span class="chip" style="display:inline-block;margin:0 6px 6px 0;padding:0 10px;border-radius:14px;background:#fdf1d8;color:#7a5200;">missing: {{.}}</span>
{{/missing_roles}}
</td></tr>

<tr><td class="pad" style="padding:12px 32px 8px 32px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
{{#members}}
<tr><td class="line" style="padding:12px 0;border-top:1px solid #e4e9ef;">
<p class="ink" style="margin:0;font-size:15px;line-height:21px;font-weight:600;color:#17202c;">{{name}}</p>
<p class="soft" style="margin:2px 0 0 0;font-size:14px;line-height:20px;color:#5c6878;">{{#role}}{{role}}{{/role}}{{#title}} &middot; {{title}}{{/title}}</p>
{{#email}}
<p style="margin:2px 0 0 0;font-size:14px;line-height:20px;"><a class="link" href="mailto:{{email}}" style="color:#1a5fb4;text-decoration:none;">{{email}}</a></p>
{{/email}}
</td></tr>
{{/members}}
{{^members}}
<tr><td class="soft line" style="padding:12px 0;border-top:1px solid #e4e9ef;font-size:14px;line-height:20px;color:#5c6878;">Nobody is in the group yet.</td></tr>
{{/members}}
</table>
</td></tr>

<tr><td class="pad" style="padding:8px 32px 26px 32px;">
<p class="soft line" style="margin:0;padding-top:14px;border-top:1px solid #e4e9ef;font-size:12px;line-height:18px;color:#5c6878;">Sent by the journey &ldquo;{{journey.title}}&rdquo;.</p>
</td></tr>

</table>
</td></tr>
</table>
</body>
</html>
)";

}  // namespace

std::shared_ptr<const Message> sales_summary(std::string_view default_from) {
  MessageFaults faults;
  auto message = make_message({.kind = MessageKind::sales_summary,
                               .name = "sales summary",
                               .from = std::string(default_from),
                               .reply_to = {},
                               .subject = std::string(subject),
                               .preheader = std::string(preheader),
                               .html = std::string(html),
                               .text = std::string(text)},
                              faults);
  assert(message);
  return message;
}

}  // namespace caravan
