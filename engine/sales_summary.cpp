// What sales gets to read when a buying group is handed over: a mail made of tables and inline styles as mail programs
// want it, without images, with colours of its own for dark surroundings and in an order that reads without any; a text
// part with the same facts; and a short form for a chat.

#include <cassert>

#include "engine/template_message.hpp"

namespace caravan {
namespace {

constexpr std::string_view subject =
    "{{interest.title}}: {{#account.name}}{{account.name}}{{/account.name}}"
    "{{^account.name}}{{account.key}}{{/account.name}} is ready for you";

constexpr std::string_view preheader =
    "{{group.completeness}}% complete{{#group.engagement}}, engagement {{group.engagement}} of 100"
    "{{/group.engagement}}.{{#member_list}} {{name}}{{#role}} ({{role}}){{/role}}.{{/member_list}}";

// Line breaks stand inside of sections, so that what is not shown leaves no line behind.
constexpr std::string_view text = R"({{interest.title}}
{{#account.name}}{{account.name}} ({{account.key}}){{/account.name}}{{^account.name}}{{account.key}}{{/account.name}}

{{#account.industry}}Industry      {{account.industry}}
{{/account.industry}}{{#account.employees}}Employees     {{account.employees}}
{{/account.employees}}{{#account.place}}Place         {{account.place}}
{{/account.place}}{{#account.website}}Website       {{account.website}}
{{/account.website}}

THE BUYING GROUP

Completeness  {{group.completeness}}%
{{#group.engagement}}Engagement    {{group.engagement}} of 100 (raw {{group.raw_engagement}})
{{/group.engagement}}{{#group.stage}}Stage         {{group.stage}}{{#group.since}}, since {{group.since}}{{/group.since}}
{{/group.stage}}{{#group.status}}Status        {{group.status}}
{{/group.status}}{{#group.members}}Members       {{group.members}}
{{/group.members}}

{{#missing}}STILL MISSING

{{/missing}}{{#missing_roles}}- {{role}}: {{members}} of {{required}}
{{/missing_roles}}

{{#moments}}INTERESTING MOMENTS

{{/moments}}{{#moment_list}}{{date}}   {{description}}{{#person}} ({{person}}){{/person}}
{{/moment_list}}

{{#members}}WHOM TO CALL

{{/members}}{{#member_list}}{{number}}. {{name}}{{#title}}, {{title}}{{/title}}
   {{role}}{{#score}}, engagement {{score}} of 100{{/score}}
{{#email}}   {{email}}
{{/email}}{{#phone}}   {{phone}}
{{/phone}}{{#mobile}}   {{mobile}}
{{/mobile}}{{#activities}}   {{date}}   {{words}}
{{/activities}}

{{/member_list}}{{#more}}And {{more}}.
{{/more}}{{^members}}Nobody is in the group yet.
{{/members}}

Sent by the journey "{{journey.title}}" on {{date}}.
)";

// The widths that a bar's cells have are their only figures that are not fixed.
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
  .grown { background: #4fae78 !important; }
  .warm { background: #e0a63a !important; }
  .chip { background: #3a2f16 !important; color: #f3cf83 !important; }
  .badge { background: #24324a !important; color: #b4d2ff !important; }
  .link { color: #7fb4ff !important; }
}
@media (max-width: 480px) {
  .pad { padding-left: 20px !important; padding-right: 20px !important; }
  .half { display: block !important; width: 100% !important; }
  .second { padding-left: 0 !important; padding-top: 16px !important; }
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
<p class="soft" style="margin:6px 0 0 0;font-size:14px;line-height:20px;color:#5c6878;">{{account.about}}{{#account.website}}{{#account.about}} &middot; {{/account.about}}{{#account.link}}<a class="link" href="{{account.link}}" style="color:#1a5fb4;text-decoration:none;">{{account.website}}</a>{{/account.link}}{{^account.link}}{{account.website}}{{/account.link}}{{/account.website}}</p>
</td></tr>

<tr><td class="pad" style="padding:22px 32px 0 32px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr>
<td class="half" width="50%" valign="top">
<p class="ink" style="margin:0 0 8px 0;font-size:14px;line-height:24px;color:#17202c;"><strong style="font-size:20px;">{{group.completeness}}%</strong> complete</p>
{{#group.completeness_bar}}
<table role="presentation" class="track" width="100%" bgcolor="#e4e9ef" cellpadding="0" cellspacing="0" border="0" style="background:#e4e9ef;border-radius:4px;"><tr>{{#done}}<td class="grown" width="{{done}}%" height="8" bgcolor="#2f7d4f" style="height:8px;border-radius:4px;background:#2f7d4f;font-size:0;line-height:0;">&nbsp;</td>{{/done}}{{#left}}<td width="{{left}}%" height="8" style="height:8px;font-size:0;line-height:0;">&nbsp;</td>{{/left}}</tr></table>
{{/group.completeness_bar}}
</td>
{{#group.engagement}}
<td class="half second" width="50%" valign="top" style="padding-left:14px;">
<p class="ink" style="margin:0 0 8px 0;font-size:14px;line-height:24px;color:#17202c;"><strong style="font-size:20px;">{{group.engagement}}</strong> of 100 engaged <span class="soft" style="color:#5c6878;">(raw {{group.raw_engagement}})</span></p>
{{#group.engagement_bar}}
<table role="presentation" class="track" width="100%" bgcolor="#e4e9ef" cellpadding="0" cellspacing="0" border="0" style="background:#e4e9ef;border-radius:4px;"><tr>{{#done}}<td class="warm" width="{{done}}%" height="8" bgcolor="#c27c0e" style="height:8px;border-radius:4px;background:#c27c0e;font-size:0;line-height:0;">&nbsp;</td>{{/done}}{{#left}}<td width="{{left}}%" height="8" style="height:8px;font-size:0;line-height:0;">&nbsp;</td>{{/left}}</tr></table>
{{/group.engagement_bar}}
</td>
{{/group.engagement}}
</tr>
</table>
<p class="soft" style="margin:14px 0 0 0;font-size:14px;line-height:20px;color:#5c6878;">{{#group.stage}}Stage <span class="ink" style="color:#17202c;">{{group.stage}}</span>{{#group.since}} since {{group.since}}{{/group.since}} &middot; {{/group.stage}}{{#group.status}}Status <span class="ink" style="color:#17202c;">{{group.status}}</span> &middot; {{/group.status}}{{#group.members}}Members <span class="ink" style="color:#17202c;">{{group.members}}</span>{{/group.members}}{{^group.members}}Nobody is in the group yet.{{/group.members}}</p>
</td></tr>

{{#missing}}
<tr><td class="pad" style="padding:24px 32px 0 32px;">
<h2 class="ink" style="margin:0 0 6px 0;font-size:15px;line-height:21px;font-weight:600;color:#17202c;">Still missing</h2>
<table role="presentation" cellpadding="4" cellspacing="0" border="0">
{{/missing}}
{{#missing_roles}}
<tr><td class="ink" style="padding:3px 16px 3px 0;font-size:14px;line-height:20px;color:#17202c;">{{role}}</td><td style="padding:3px 0;"><span class="chip" style="padding:2px 10px;border-radius:11px;background:#fdf1d8;color:#7a5200;font-size:13px;line-height:20px;white-space:nowrap;">{{members}} of {{required}}</span></td></tr>
{{/missing_roles}}
{{#missing}}
</table>
</td></tr>
{{/missing}}

{{#moments}}
<tr><td class="pad" style="padding:24px 32px 0 32px;">
<h2 class="ink" style="margin:0 0 6px 0;font-size:15px;line-height:21px;font-weight:600;color:#17202c;">Interesting moments</h2>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
{{/moments}}
{{#moment_list}}
<tr><td class="soft" width="88" valign="top" nowrap style="padding:3px 12px 3px 0;font-size:13px;line-height:20px;color:#5c6878;white-space:nowrap;">{{date}}</td><td class="ink" valign="top" style="padding:3px 0;font-size:14px;line-height:20px;color:#17202c;word-break:break-word;">{{description}}{{#person}} <span class="soft" style="color:#5c6878;">&ndash; {{person}}</span>{{/person}}</td></tr>
{{/moment_list}}
{{#moments}}
</table>
</td></tr>
{{/moments}}

{{#members}}
<tr><td class="pad" style="padding:24px 32px 8px 32px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td style="padding:0 12px 10px 0;"><h2 class="ink" style="margin:0;font-size:15px;line-height:21px;font-weight:600;color:#17202c;">Whom to call</h2></td><td class="soft" align="right" valign="bottom" style="padding:0 0 10px 0;font-size:13px;line-height:20px;color:#5c6878;">{{#group.engagement}}Engagement{{/group.engagement}}</td></tr>
</table>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
{{/members}}
{{#member_list}}
<tr><td class="line" valign="top" style="padding:12px 12px 12px 0;border-top:1px solid #e4e9ef;word-break:break-word;">
<p class="ink" style="margin:0;font-size:15px;line-height:21px;color:#17202c;"><strong style="font-weight:600;">{{name}}</strong></p>
<p class="soft" style="margin:2px 0 0 0;font-size:14px;line-height:20px;color:#5c6878;">{{role}}{{#title}} &middot; {{title}}{{/title}}</p>
{{#email}}
<p class="soft" style="margin:2px 0 0 0;font-size:14px;line-height:20px;color:#5c6878;">{{#mail_to}}<a class="link" href="mailto:{{mail_to}}" style="color:#1a5fb4;text-decoration:none;">{{email}}</a>{{/mail_to}}{{^mail_to}}{{email}}{{/mail_to}}</p>
{{/email}}
{{#phone}}
<p class="soft" style="margin:2px 0 0 0;font-size:14px;line-height:20px;color:#5c6878;">{{#dial}}<a class="link" href="tel:{{dial}}" style="color:#1a5fb4;text-decoration:none;">{{phone}}</a>{{/dial}}{{^dial}}{{phone}}{{/dial}}</p>
{{/phone}}
{{#mobile}}
<p class="soft" style="margin:2px 0 0 0;font-size:14px;line-height:20px;color:#5c6878;">{{#dial_mobile}}<a class="link" href="tel:{{dial_mobile}}" style="color:#1a5fb4;text-decoration:none;">{{mobile}}</a>{{/dial_mobile}}{{^dial_mobile}}{{mobile}}{{/dial_mobile}}</p>
{{/mobile}}
{{#activities}}
<p class="ink" style="margin:4px 0 0 0;font-size:13px;line-height:18px;color:#17202c;"><span class="soft" style="color:#5c6878;">{{date}}:</span> {{words}}</p>
{{/activities}}
</td><td class="line" width="56" align="right" valign="top" style="padding:12px 0;border-top:1px solid #e4e9ef;">{{#score}}<span class="badge" style="padding:3px 10px;border-radius:12px;background:#e6effa;color:#164a8c;font-size:14px;line-height:21px;font-weight:600;">{{score}}</span>{{/score}}</td></tr>
{{/member_list}}
{{#more}}
<tr><td class="soft line" colspan="2" style="padding:12px 0;border-top:1px solid #e4e9ef;font-size:14px;line-height:20px;color:#5c6878;">And {{more}}.</td></tr>
{{/more}}
{{#members}}
</table>
</td></tr>
{{/members}}

<tr><td class="pad" style="padding:16px 32px 26px 32px;">
<p class="soft line" style="margin:0;padding-top:14px;border-top:1px solid #e4e9ef;font-size:12px;line-height:18px;color:#5c6878;">Sent by the journey &ldquo;{{journey.title}}&rdquo; on {{date}}.</p>
</td></tr>

</table>
</td></tr>
</table>
</body>
</html>
)";

constexpr std::string_view chat =
    R"({{interest.title}}: {{#account.name}}{{account.name}} ({{account.key}}){{/account.name}}{{^account.name}}{{account.key}}{{/account.name}} is ready for you
{{group.completeness}}% complete{{#group.engagement}}, engagement {{group.engagement}} of 100{{/group.engagement}}{{#group.stage}}, stage {{group.stage}}{{/group.stage}}{{#group.status}}, status {{group.status}}{{/group.status}}
{{#missing_roles}}Missing: {{role}}, {{members}} of {{required}}
{{/missing_roles}}{{#latest}}Latest: {{description}} ({{#person}}{{person}}, {{/person}}{{date}})
{{/latest}}{{#member_list}}{{number}}. {{name}}{{#title}}, {{title}}{{/title}}, {{role}}{{#score}}, {{score}} of 100{{/score}}{{#email}}, {{email}}{{/email}}{{#phone}}, {{phone}}{{/phone}}{{#mobile}}, {{mobile}}{{/mobile}}
{{/member_list}}{{#more}}And {{more}}.
{{/more}}{{^members}}Nobody is in the group yet.
{{/members}}
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

std::shared_ptr<const Message> sales_chat() {
  Diagnostics faults;
  auto message =
      compile_text({.name = "sales summary", .place = {}, .text = std::string(chat)}, MessageKind::sales_chat, faults);
  assert(message);
  return message;
}

}  // namespace caravan
