// Catch2 2 wants its main function written here; Catch2 3 brings one.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
