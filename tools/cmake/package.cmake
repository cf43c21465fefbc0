# The Debian package, made by tools/package/deb: the program, its unit, a manual page, the samples, and /etc/caravan. What
# only the package has is in the component `program` and no part of a plain `cmake --install`.

set(package_folder ${CMAKE_SOURCE_DIR}/tools/package)
find_program(GZIP gzip)

# gzip -n leaves out when, so that the same sources make the same package.
add_custom_command(OUTPUT caravan.1.gz
  COMMAND sh -c "'${package_folder}/manual_page' '$<TARGET_FILE:caravan>' '${PROJECT_VERSION}' | '${GZIP}' -9n > caravan.1.gz"
  DEPENDS caravan ${package_folder}/manual_page VERBATIM)
add_custom_command(OUTPUT changelog.gz
  COMMAND sh -c "'${GZIP}' -9nc '${package_folder}/changelog' > changelog.gz" DEPENDS ${package_folder}/changelog VERBATIM)
add_custom_target(package_files DEPENDS ${CMAKE_BINARY_DIR}/caravan.1.gz ${CMAKE_BINARY_DIR}/changelog.gz)

set(only_packaged COMPONENT program EXCLUDE_FROM_ALL)
install(FILES ${package_folder}/caravan.service DESTINATION /lib/systemd/system ${only_packaged})
install(FILES ${package_folder}/caravan.yaml DESTINATION /etc/caravan ${only_packaged})
install(FILES ${package_folder}/environment DESTINATION /etc/caravan PERMISSIONS OWNER_READ OWNER_WRITE ${only_packaged})
install(FILES ${CMAKE_BINARY_DIR}/caravan.1.gz DESTINATION share/man/man1 ${only_packaged})
install(FILES ${package_folder}/lintian-overrides DESTINATION share/lintian/overrides RENAME caravan ${only_packaged})
install(FILES ${CMAKE_BINARY_DIR}/changelog.gz ${package_folder}/copyright DESTINATION share/doc/caravan ${only_packaged})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/samples/ DESTINATION share/doc/caravan/examples ${only_packaged}
  PATTERN "*.db*" EXCLUDE PATTERN outbox EXCLUDE)

set(CPACK_PACKAGE_NAME caravan)
set(CPACK_PACKAGE_VENDOR "The Caravan maintainers")
set(CPACK_PACKAGE_CONTACT "The Caravan maintainers <maintainers@caravan.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL program)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME caravan)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, tzdata, ca-certificates")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Journey orchestration engine for B2B marketing")
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION
"Runs journeys of accounts and of the buying groups in them, which are written
in YAML and checked like code: one program and one SQLite file, and nothing is
lost when the machine goes down. With a systemd unit that runs the workspace
in /etc/caravan, and samples that run as they stand.")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_EXTRA
  ${package_folder}/postinst ${package_folder}/prerm ${package_folder}/postrm ${package_folder}/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
