// Rendering by kainjow's Mustache: our values become its data, and names are looked up by a context of our own that
// knows dotted names and counts what a template costs.

#include "engine/mustache_template.hpp"

#include <kainjow/mustache.hpp>

#include "engine/html_document.hpp"
#include "engine/mustache_tags.hpp"
#include "journeys/duration.hpp"

namespace caravan {
namespace {

namespace mustache = kainjow::mustache;
using Value = mustache::data;

/// How many bytes a rendering may handle, template text once for each time a section repeats: far more than any mail
/// needs, and little enough that a list in a list in a list ends in a reason and not in a full memory.
constexpr std::size_t most_work = std::size_t{256} << 20U;

std::string number_text(double number) {
  std::array<char, 64> text{};
  const bool readable = std::abs(number) < 1e15 && (number == 0.0 || std::abs(number) > 1e-6);
  const auto format = readable ? std::chars_format::fixed : std::chars_format::general;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number, format);
  return {text.data(), error == std::errc() ? end : text.data()};
}

Value data_of(const AttributeValue& value) {
  switch (value.kind()) {
    case AttributeKind::null:
    case AttributeKind::no: return {Value::type::bool_false};
    case AttributeKind::yes: return {std::string("true")};
    case AttributeKind::integer: return {std::to_string(value.integer())};
    case AttributeKind::real: return {number_text(value.real())};
    case AttributeKind::text:
      // The library shows a section of an empty text; nobody who writes {{#person.title}} means that.
      if (value.text().empty()) return {Value::type::bool_false};
      return {std::string(value.text())};
    case AttributeKind::timestamp: return {to_text(value.timestamp())};
    case AttributeKind::duration: return {to_text(CalendarDuration{.exact = value.duration()})};
    case AttributeKind::list: {
      Value list(Value::type::list);
      value.each_element([&](const AttributeValue& element) { list.push_back(data_of(element)); });
      return list;
    }
    case AttributeKind::map: {
      Value map(Value::type::object);
      value.each_entry(
          [&](std::string_view key, const AttributeValue& entry) { map.set(std::string(key), data_of(entry)); });
      if (map.is_empty_object()) return {Value::type::bool_false};
      return map;
    }
  }
  return {Value::type::bool_false};
}

/// `name` inside of `value`, part by part.
const Value* walk(const Value* value, std::string_view name) {
  while (value != nullptr && !name.empty()) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    value = value->get(std::string(name.substr(0, dot)));
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  return value;
}

using Table = std::unordered_map<std::string, Value>;

/// Where names are looked up: in the elements of the open sections, the innermost first, then among the values.
class Context final : public mustache::basic_context<std::string> {
 public:
  Context(const Table& values, std::size_t template_size) : values_(values), cost_of_section_(template_size) {}

  void push(const Value* element) override {
    pay(cost_of_section_);
    elements_.push_back(element);
  }
  void pop() override { elements_.pop_back(); }

  const Value* get(const std::string& name) const override {
    const Value* const found = find(name);
    pay(found != nullptr && found->is_string() ? 1 + found->string_value().size() : 1);
    return found;
  }
  const Value* get_partial(const std::string&) const override { return nullptr; }

 private:
  const Value* find(const std::string& name) const {
    if (name == ".") return elements_.empty() ? nullptr : elements_.back();
    for (auto element = elements_.rbegin(); element != elements_.rend(); ++element) {
      if (const Value* found = walk(*element, name)) return found;
    }
    if (const auto whole = values_.find(name); whole != values_.end()) return &whole->second;
    for (std::size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0; dot = name.rfind('.', dot - 1)) {
      const auto outer = values_.find(name.substr(0, dot));
      if (outer != values_.end()) return walk(&outer->second, std::string_view(name).substr(dot + 1));
    }
    return nullptr;
  }

  void pay(std::size_t bytes) const {
    work_ += bytes;
    if (work_ > most_work) throw std::runtime_error("its sections repeat too often: the mail would not end");
  }

  const Table& values_;
  const std::size_t cost_of_section_;
  mutable std::size_t work_ = 0;
  std::vector<const Value*> elements_;
};

}  // namespace

struct TemplateValues::Data {
  Table table;
};

TemplateValues::TemplateValues(const std::vector<std::string>& names, const Attributes& values)
    : data_(std::make_unique<Data>()) {
  values.each([&](NameId position, const AttributeValue& value) {
    const auto index = static_cast<std::size_t>(position);
    if (index < names.size() && value.kind() != AttributeKind::null) {
      data_->table.emplace(names[index], data_of(value));
    }
  });
}

TemplateValues::~TemplateValues() = default;

/// The library's rendering is not const, so one thread renders a template at a time.
struct MustacheTemplate::Compiled {
  explicit Compiled(const std::string& text) : renderer(text) {}
  std::mutex mutex;
  mustache::mustache renderer;
};

MustacheTemplate::MustacheTemplate(std::string text, Escape escape, std::vector<TemplateFault>& faults)
    : size_(text.size()) {
  const std::size_t faults_before = faults.size();
  names_ = scan_tags(text, faults);
  if (faults.size() > faults_before) return;
  compiled_ = std::make_unique<Compiled>(text);
  if (!compiled_->renderer.is_valid()) {
    faults.push_back({0, 0, "this template cannot be read: " + compiled_->renderer.error_message(), {}});
    compiled_.reset();
    return;
  }
  compiled_->renderer.set_custom_escape(
      [escape](const std::string& value) { return escape == Escape::html ? escape_html(value) : value; });
}

MustacheTemplate::~MustacheTemplate() = default;
MustacheTemplate::MustacheTemplate(MustacheTemplate&&) noexcept = default;

std::string MustacheTemplate::render(const TemplateValues& values) const {
  if (!compiled_) return {};
  Context context(values.data_->table, size_);
  const std::lock_guard lock(compiled_->mutex);
  return compiled_->renderer.render(context);
}

}  // namespace caravan
