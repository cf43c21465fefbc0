# Writes the pages of `caravan help` into a source file: PAGES is a list of TOPIC=FILE below ROOT, OUTPUT the file.
set(entries "")
foreach(page IN LISTS PAGES)
  string(REGEX REPLACE "=.*" "" topic "${page}")
  string(REGEX REPLACE "^[^=]*=" "" path "${page}")
  file(READ "${ROOT}/${path}" text)
  # A raw literal cannot hold its own end; no page of ours does, and a build with one that does fails here.
  string(FIND "${text}" ")PAGE\"" end)
  if(NOT end EQUAL -1)
    message(FATAL_ERROR "${path} holds the mark that ends a page")
  endif()
  string(APPEND entries "    {\"${topic}\", R\"PAGE(${text})PAGE\"},\n")
endforeach()
string(CONCAT source
  "// Made by the build from the Markdown files of the manual.\n"
  "#include \"tools/caravan/help_texts.hpp\"\n\n"
  "#include <array>\n\n"
  "namespace caravan::tools {\n\n"
  "std::span<const HelpText> help_texts() {\n"
  "  static constexpr auto texts = std::to_array<HelpText>({\n${entries}  });\n"
  "  return texts;\n}\n\n"
  "}  // namespace caravan::tools\n")
file(WRITE "${OUTPUT}" "${source}")
