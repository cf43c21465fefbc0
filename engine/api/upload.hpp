#pragma once
// Streams of records into the engine: JSON lines or CSV of any length, read as fast as the engine commits and no
// faster, and answered with what became of each line.

#include "engine/api/desk.hpp"

namespace caravan::api {

/// Streams under way at once; more are asked to come again.
inline constexpr std::size_t kMostUploads = 4;

BeginUpload begin_upload(Desk& desk, RecordKind kind);

std::shared_ptr<Uploads> make_uploads();
/// Ends those that are under way and waits for their threads: the engine goes.
void end_uploads(Desk& desk);

// The same words for all routes that take streams.
std::string upload_description(std::string_view what, std::string_view key);
std::vector<QueryParameter> upload_parameters(RecordKind kind);
/// `schema` is that of a line.
Body upload_body(std::string schema);
std::vector<Answer> upload_answers();

}  // namespace caravan::api
