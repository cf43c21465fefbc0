# What every room shares: the language level, the warnings, the sanitizers, ccache and one precompiled header.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE ccache)
if(CCACHE)
  # The precompiled header is checked by its content, so ccache may reuse objects across build folders.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()

add_library(caravan_settings INTERFACE)
target_include_directories(caravan_settings INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(caravan_settings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Werror)
# GCC 12 warns of impossible lengths inside of the standard library's own string functions once it has inlined them, and
# of members of a variant's other alternatives when one is moved.
target_compile_options(caravan_settings INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds
                           -Wno-maybe-uninitialized>)
if(CARAVAN_SANITIZE)
  target_compile_options(caravan_settings INTERFACE -fsanitize=${CARAVAN_SANITIZE} -fno-omit-frame-pointer -g1)
  target_link_options(caravan_settings INTERFACE -fsanitize=${CARAVAN_SANITIZE})
  if(NOT CARAVAN_SANITIZE STREQUAL "thread")
    target_compile_options(caravan_settings INTERFACE -fno-sanitize-recover=all)
  endif()
  # GCC's flow analysis reports false positives in instrumented code.
  target_compile_options(caravan_settings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
endif()

# Standard headers that nearly every file includes, compiled once and shared by all rooms.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/standard_headers.cpp CONTENT "// The carrier of the shared precompiled header.\n")
set(CARAVAN_STANDARD_HEADERS
  <algorithm> <array> <atomic> <cassert> <charconv> <chrono> <cmath> <cstdint> <cstring> <deque> <filesystem> <functional>
  <limits> <map> <memory> <mutex>
  <numeric> <optional> <set> <span> <sstream> <stdexcept> <string> <string_view> <thread> <unordered_map> <utility>
  <variant> <vector>)
add_library(caravan_standard_headers OBJECT ${CMAKE_BINARY_DIR}/standard_headers.cpp)
target_link_libraries(caravan_standard_headers PRIVATE caravan_settings Threads::Threads)
target_precompile_headers(caravan_standard_headers PRIVATE ${CARAVAN_STANDARD_HEADERS})

# caravan_room(NAME [LINK target...]): a static library of every .cpp file in the folder that calls it,
# its subfolders included, except those named after EXCLUDE (regular expressions on the path).
function(caravan_room name)
  cmake_parse_arguments(ROOM "" "" "LINK;PRIVATE_LINK;EXCLUDE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  foreach(pattern IN LISTS ROOM_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${CMAKE_CURRENT_SOURCE_DIR}/${pattern}")
  endforeach()
  if(NOT sources)
    message(FATAL_ERROR "${name}: no source files in ${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  add_library(${name} STATIC ${sources})
  # Our own settings are nobody's who links what is installed.
  target_link_libraries(${name} PUBLIC $<BUILD_INTERFACE:caravan_settings> Threads::Threads ${ROOM_LINK}
    PRIVATE ${ROOM_PRIVATE_LINK})
  target_precompile_headers(${name} REUSE_FROM caravan_standard_headers)
endfunction()
