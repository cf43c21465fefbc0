// What tokens did as streams of a timeline. The lines of a token are numbered: 0 for its beginning, then each visit by
// its number from 1 with what it promised by recipient, then its end.

#include "engine/report/timeline_sources.hpp"

namespace caravan::timeline {
namespace {

constexpr std::int64_t kBeginning = 0;
constexpr std::int64_t kEnd = kGreatest;
constexpr std::size_t kLargestBatch = 64;

constexpr std::int64_t line_of(std::uint32_t visit) {
  return std::int64_t{visit} + 1;
}

}  // namespace

TokenStream::TokenStream(Material& material, TokenRecord token)
    : material_(material),
      token_(std::move(token)),
      is_enrollment_(!token_.parent),
      tells_person_(material.person && token_.person != material.person),
      phase_(material.goes_up() ? Phase::begin : Phase::end) {
  run_page_.order = material.search.order;
  run_page_.limit = 1;
  if (!material.from) return;
  const EntryPosition& from = *material.from;
  run_page_.from = from.at;
  // Within its own lines the page goes on where the last one ended.
  if (from.source != kTokens || from.first != token_.id.value) return;
  if (from.second > kBeginning && from.second < line_of(std::numeric_limits<std::uint32_t>::max()))
    run_page_.visit = static_cast<std::uint32_t>(from.second - 1);
}

const EntryPosition* TokenStream::head() {
  if (!has_head_) advance();
  return has_head_ ? &head_ : nullptr;
}

std::optional<TimelineEntry> TokenStream::take() {
  has_head_ = false;
  return std::move(entry_);
}

void TokenStream::advance() {
  const bool goes_up = material_.goes_up();
  while (phase_ != Phase::over && !has_head_) {
    switch (phase_) {
      case Phase::begin:
        phase_ = goes_up ? Phase::visits : Phase::over;
        next_of_begin();
        break;
      case Phase::visits:
        if (!wants_visits() || !next_of_visits()) phase_ = goes_up ? Phase::end : Phase::begin;
        break;
      case Phase::end:
        phase_ = goes_up ? Phase::over : Phase::visits;
        next_of_end();
        break;
      case Phase::over: break;
    }
  }
}

/// The line that stands there is the next. False where it was told on a page before.
bool TokenStream::place(Instant at, std::int64_t line, std::int64_t third) {
  const EntryPosition position{at, kTokens, token_.id.value, line, third};
  if (!material_.lies_behind(position)) return false;
  head_ = position;
  entry_.reset();
  has_head_ = true;
  return true;
}

bool TokenStream::next_of_begin() {
  if (!is_enrollment_ || tells_person_ || !place(token_.entered_at, kBeginning, kLeast)) return false;
  if (!material_.wants(EntryKind::enrollment)) return true;
  const VersionId version = material_.versions.at_visit(token_, 0);
  if (material_.wants_version(version))
    entry_ = EnrollmentHappened{token_.id, token_.account, token_.person, version, std::nullopt, token_.entered_at};
  return true;
}

bool TokenStream::next_of_end() {
  if (!is_enrollment_ || tells_person_ || !is_final(token_.state) || !token_.ended_at) return false;
  if (!place(*token_.ended_at, kEnd, kLeast)) return false;
  if (material_.wants_version(token_.version))
    entry_ =
        EnrollmentHappened{token_.id, token_.account, token_.person, token_.version, token_.state, *token_.ended_at};
  return true;
}

bool TokenStream::wants_visits() const {
  return material_.wants(EntryKind::delivery) || (!tells_person_ && material_.wants(EntryKind::visit));
}

/// The present one, with all that it promised, on a page before.
bool TokenStream::is_visit_told() const {
  const std::int64_t last = material_.goes_up() ? kGreatest : kLeast;
  return !material_.lies_behind({runs_.front().at, kTokens, token_.id.value, line_of(visit_number()), last});
}

/// The next of visits and deliveries; false where there are no more.
bool TokenStream::next_of_visits() {
  while (fill_runs()) {
    if (!is_visit_told() && next_in_visit()) return true;
    to_next_visit();
  }
  return false;
}

bool TokenStream::fill_runs() {
  if (!runs_.empty()) return true;
  if (runs_end_) return false;
  std::vector<RunRecord> rows;
  run_page_.limit = batch_;
  material_.reader.runs_of(token_.id, run_page_, rows);
  material_.rows += rows.size();
  runs_end_ = rows.size() < run_page_.limit;
  batch_ = std::min(batch_ * 4, kLargestBatch);
  // The last run is found again by whoever asks for what lies behind it.
  if (material_.goes_up() && run_page_.visit && !run_page_.from)
    std::erase_if(rows, [&](const RunRecord& run) { return run.first_visit < *run_page_.visit; });
  if (rows.empty()) {
    runs_end_ = true;
    return false;
  }
  run_page_.from.reset();
  if (material_.goes_up()) {
    run_page_.visit = rows.back().first_visit + static_cast<std::uint32_t>(rows.back().visits.size());
  } else if (rows.back().first_visit == 0) {
    runs_end_ = true;
  } else {
    run_page_.visit = rows.back().first_visit - 1;
  }
  std::erase_if(rows, [](const RunRecord& run) { return run.visits.empty(); });
  runs_.insert(runs_.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
  if (runs_.empty()) return fill_runs();
  index_ = material_.goes_up() ? 0 : static_cast<std::uint32_t>(runs_.front().visits.size() - 1);
  return true;
}

void TokenStream::to_next_visit() {
  visit_told_ = deliveries_told_ = false;
  const bool goes_up = material_.goes_up();
  if (goes_up ? index_ + 1 < runs_.front().visits.size() : index_ > 0) {
    index_ = goes_up ? index_ + 1 : index_ - 1;
    return;
  }
  runs_.pop_front();
  index_ = goes_up || runs_.empty() ? 0 : static_cast<std::uint32_t>(runs_.front().visits.size() - 1);
}

/// The visit's own line stands before what it promised.
bool TokenStream::next_in_visit() {
  const RunRecord& run = runs_.front();
  const std::uint32_t number = visit_number();
  const auto tell_visit = [&] {
    if (std::exchange(visit_told_, true)) return false;
    if (!place(run.at, line_of(number), kLeast)) return false;
    // Looked at, and not told: a page goes past so many and no more.
    if (tells_person_ || !material_.wants(EntryKind::visit)) return true;
    const VersionId version = material_.versions.at_visit(token_, number);
    if (material_.wants_version(version))
      entry_ = VisitHappened{is_enrollment_ ? token_.id : token_.parent,
                             token_.account,
                             token_.person,
                             version,
                             run.visits[index_],
                             number,
                             run.at};
    return true;
  };
  if (material_.goes_up() && tell_visit()) return true;
  while (!deliveries_told_) {
    const DeliveryRecord* delivery = next_delivery();
    if (!delivery) {
      deliveries_told_ = true;
      break;
    }
    const bool is_next = place(run.at, line_of(number), delivery->key.recipient.value);
    if (is_next && material_.wants_version(delivery->version)) entry_ = std::move(deliveries_.front());
    deliveries_.pop_front();
    if (is_next) return true;
  }
  return !material_.goes_up() && tell_visit();
}

/// Of the present visit; null where there are no more.
const DeliveryRecord* TokenStream::next_delivery() {
  if (!material_.wants(EntryKind::delivery)) return nullptr;
  const std::uint32_t number = visit_number();
  if (tells_person_) {
    // Theirs alone, however many others there are.
    deliveries_told_ = true;
    deliveries_.clear();
    ++material_.rows;
    if (auto found = material_.reader.delivery({token_.id, number, {material_.person.value}}))
      deliveries_.push_back(std::move(*found));
    return deliveries_.empty() ? nullptr : &deliveries_.front();
  }
  for (;;) {
    if (deliveries_.empty()) fill_deliveries();
    if (deliveries_.empty()) return nullptr;
    const std::uint32_t visit = deliveries_.front().key.visit;
    if (visit == number) return &deliveries_.front();
    if (material_.goes_up() ? visit > number : visit < number) return nullptr;
    deliveries_.pop_front();
  }
}

void TokenStream::fill_deliveries() {
  if (deliveries_end_) return;
  if (!deliveries_after_) {
    // From the first visit that is looked at, or, within it, from where the page before has ended.
    const std::int64_t first = material_.goes_up() ? kLeast : kGreatest;
    deliveries_after_ = DeliveryKey{token_.id, visit_number(), {first}};
    const auto& from = material_.from;
    if (from && from->source == kTokens && from->first == token_.id.value && from->second == line_of(visit_number()))
      deliveries_after_->recipient.value = from->third;
  }
  DeliverySearch search;
  search.token = token_.id;
  search.page = {material_.search.order, deliveries_after_, kLargestBatch};
  search.most_rows = kLargestBatch;
  std::vector<DeliveryRecord> rows;
  material_.reader.deliveries(search, rows);
  material_.rows += rows.size();
  deliveries_end_ = rows.size() < kLargestBatch;
  if (!rows.empty()) deliveries_after_ = rows.back().key;
  deliveries_.insert(deliveries_.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
}

// Many of them

TokensStream::TokensStream(Material& material, std::vector<TokenRecord> tokens) : material_(material) {
  for (TokenRecord& token : tokens) {
    // Before any line that it can have.
    EntryPosition first{token.entered_at, kTokens, token.id.value, kBeginning, kLeast};
    if (material_.goes_up()) {
      if (material_.from) first.at = std::max(first.at, material_.from->at);
    } else {
      first = {Instant::max(), kTokens, token.id.value, kEnd, kGreatest};
      if (is_final(token.state) && token.ended_at) first.at = *token.ended_at;
      if (material_.from) first.at = std::min(first.at, material_.from->at);
    }
    push({first, std::move(token), nullptr});
  }
}

void TokensStream::push(Item item) {
  heap_.push_back(std::move(item));
  std::push_heap(heap_.begin(), heap_.end(), [this](const Item& a, const Item& b) {
    return material_.goes_up() ? a.position > b.position : a.position < b.position;
  });
}

TokensStream::Item TokensStream::pop() {
  std::pop_heap(heap_.begin(), heap_.end(), [this](const Item& a, const Item& b) {
    return material_.goes_up() ? a.position > b.position : a.position < b.position;
  });
  Item item = std::move(heap_.back());
  heap_.pop_back();
  return item;
}

const EntryPosition* TokensStream::head() {
  while (!heap_.empty() && !heap_.front().stream) {
    Item item = pop();
    item.stream = std::make_unique<TokenStream>(material_, std::move(item.token));
    if (const EntryPosition* first = item.stream->head()) {
      item.position = *first;
      push(std::move(item));
    }
  }
  return heap_.empty() ? nullptr : &heap_.front().position;
}

std::optional<TimelineEntry> TokensStream::take() {
  Item item = pop();
  std::optional<TimelineEntry> entry = item.stream->take();
  if (const EntryPosition* next = item.stream->head()) {
    item.position = *next;
    push(std::move(item));
  }
  return entry;
}

}  // namespace caravan::timeline
