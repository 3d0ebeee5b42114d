# `cpack -G DEB` in the build folder makes tongdian_VERSION_ARCH.deb: program, pages, packs, calendars, units, configuration,
# manual page, documents. The pages are in it when web/dist is built (`make build`).
include(GNUInstallDirs)

find_program(GZIP gzip)
# The manual page is made of the program's own help.
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/tongdian.1.gz
  COMMAND sh -c "${CMAKE_SOURCE_DIR}/tools/manpage $<TARGET_FILE:tongdian> | ${GZIP} -9n > tongdian.1.gz"
  DEPENDS tongdian ${CMAKE_SOURCE_DIR}/tools/manpage WORKING_DIRECTORY ${CMAKE_BINARY_DIR} VERBATIM)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/changelog.gz
  COMMAND sh -c "${GZIP} -9nc ${CMAKE_SOURCE_DIR}/CHANGELOG.md > changelog.gz"
  DEPENDS ${CMAKE_SOURCE_DIR}/CHANGELOG.md WORKING_DIRECTORY ${CMAKE_BINARY_DIR} VERBATIM)
add_custom_target(documents ALL DEPENDS ${CMAKE_BINARY_DIR}/tongdian.1.gz ${CMAKE_BINARY_DIR}/changelog.gz)

set(share ${CMAKE_INSTALL_DATADIR}/tongdian)
set(doc ${CMAKE_INSTALL_DATADIR}/doc/tongdian)
install(TARGETS tongdian DESTINATION bin)
install(DIRECTORY packs calendars DESTINATION ${share})
install(DIRECTORY web/dist/ DESTINATION ${share}/web OPTIONAL)
install(FILES packaging/tongdian.service packaging/tongdian-backup.service packaging/tongdian-backup.timer
  DESTINATION lib/systemd/system)
install(FILES packaging/tongdian.yaml DESTINATION /etc/tongdian)
install(FILES ${CMAKE_BINARY_DIR}/tongdian.1.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/man/man1)
install(FILES packaging/debian/copyright ${CMAKE_BINARY_DIR}/changelog.gz DESTINATION ${doc})
install(FILES docs/operating/README.md DESTINATION ${doc} RENAME operating.md OPTIONAL)
install(FILES packaging/nginx/tongdian.conf DESTINATION ${doc}/nginx)
install(FILES packaging/grafana/tongdian.json DESTINATION ${doc}/grafana)
install(FILES packaging/prometheus/tongdian.rules.yml DESTINATION ${doc}/prometheus)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME tongdian)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "the tongdian authors <tongdian@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "city's getting-electricity plan, from the application to the light")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Carries out a published Getting Electricity plan: every decision cites its clause, three
working-day clocks run in the open, and anyone can check the record. One program and one folder of data; an interface over
HTTP, pages for customers and the desk, a journal that can be verified.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_DEPENDS adduser)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "nginx, prometheus, ntpsec | chrony | systemd-timesyncd")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/packaging/debian/postinst ${CMAKE_SOURCE_DIR}/packaging/debian/prerm
  ${CMAKE_SOURCE_DIR}/packaging/debian/postrm ${CMAKE_SOURCE_DIR}/packaging/debian/conffiles)
set(CPACK_STRIP_FILES ON)
# /etc stands outside the prefix.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_THREADS 2)
include(CPack)
