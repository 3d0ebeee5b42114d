target_link_libraries(journal PUBLIC PkgConfig::sodium)
