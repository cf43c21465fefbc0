// The unit that the package installs, as systemd itself reads it.

#include <cstdlib>
#include <fstream>
#include <iostream>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;

namespace {

bool has(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
}

/// The unit with the program that was built in the place of the one that is installed, for it must be there.
std::filesystem::path unit_in(const Folder& folder) {
  std::ifstream in(CARAVAN_SOURCE_DIR "/tools/package/caravan.service");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string installed = "/usr/bin/caravan ";
  const std::size_t at = text.find(installed);
  REQUIRE(at != std::string::npos);
  text.replace(at, installed.size(), std::string(CARAVAN_PROGRAM) + " ");
  return folder.write("caravan.service", text);
}

}  // namespace

TEST_CASE("systemd finds no fault with the unit, and little that it could do beyond its work") {
  if (!has("systemd-analyze")) {
    std::cout << "  skipped: systemd-analyze is not here; the package `systemd` has it\n";
    return;
  }
  const Folder folder;
  const std::string unit = unit_in(folder).string();
  const std::string said = " >'" + (folder / "said").string() + "' 2>&1";
  // An unknown key is a warning, which verify prints and lets pass.
  CHECK(std::system(("systemd-analyze verify --man=no '" + unit + "'" + said).c_str()) == 0);
  std::ifstream verified(folder / "said");
  CHECK(std::string(std::istreambuf_iterator<char>(verified), {}) == "");
  // 1.5 of 10; what remains is the network, which it is for.
  CHECK(std::system(
            ("systemd-analyze security --offline=true --no-pager --threshold=15 '" + unit + "'" + said).c_str()) == 0);
}
