# `cmake --install`: the program, and the library for tests of journeys as a package that others find with
# `find_package(caravan)`. Its users see engine/harness/harness.hpp and link `caravan::harness`; what that stands on
# comes along as static libraries.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

add_library(caravan_harness INTERFACE)
add_library(caravan::harness ALIAS caravan_harness)
set_target_properties(caravan_harness PROPERTIES EXPORT_NAME harness)
target_compile_features(caravan_harness INTERFACE cxx_std_20)
target_link_libraries(caravan_harness INTERFACE caravan_engine)
target_include_directories(caravan_harness INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

install(TARGETS caravan RUNTIME COMPONENT program)
install(FILES engine/harness/harness.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/caravan)
install(TARGETS caravan_harness caravan_engine caravan_nodes caravan_journeys caravan_cel caravan_storage
  EXPORT caravan ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/caravan)
install(EXPORT caravan NAMESPACE caravan:: FILE caravanTargets.cmake DESTINATION ${package_folder})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/caravanConfig.cmake.in ${CMAKE_BINARY_DIR}/caravanConfig.cmake
  INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/caravanConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/caravanConfig.cmake ${CMAKE_BINARY_DIR}/caravanConfigVersion.cmake
  DESTINATION ${package_folder})
