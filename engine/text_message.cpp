// Messages for phones and chats: one Mustache text, sent as it is rendered.

#include "engine/template_message.hpp"

namespace caravan {
namespace {

constexpr std::size_t largest_text = std::size_t{64} << 10U;

class TextMessage final : public Message {
 public:
  TextMessage(const TextTemplateDefinition& definition, MessageKind kind, std::vector<TemplateFault>& faults)
      : kind_(kind), name_(definition.name), text_(definition.text, MustacheTemplate::Escape::none, faults) {}

  MessageKind kind() const override { return kind_; }
  const std::string& name() const override { return name_; }
  const std::vector<std::string>& names() const override { return text_.names(); }

  Outgoing render(const Attributes& kept) const override {
    ShortMessage message;
    message.text = without_gaps(text_.render(TemplateValues(names(), kept)));
    while (message.text.ends_with('\n') || message.text.ends_with(' '))
      message.text.pop_back();
    if (message.text.empty()) throw std::runtime_error("the text is empty: nothing of it is shown with these values");
    if (message.text.size() > largest_text) throw std::runtime_error("the text would be larger than 64 KB");
    return message;
  }

 private:
  MessageKind kind_;
  std::string name_;
  MustacheTemplate text_;
};

}  // namespace

std::shared_ptr<const Message> compile_text(const TextTemplateDefinition& definition, MessageKind kind,
                                            Diagnostics& diagnostics) {
  std::vector<TemplateFault> faults;
  auto message = std::make_shared<TextMessage>(definition, kind, faults);
  const SourceFile* const file = definition.place.file;
  const std::size_t begin = file == nullptr ? std::string::npos : file->text.find(definition.text);
  for (const TemplateFault& fault : faults) {
    const Place place = begin == std::string::npos ? definition.place : Place{file, begin + fault.offset, fault.length};
    diagnostics.error(place, fault.message, fault.hint);
  }
  return faults.empty() ? message : nullptr;
}

}  // namespace caravan
