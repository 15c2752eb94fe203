# What `cmake --install` puts into a prefix: the libraries that the Predictor needs, their headers, and a package config,
# so that another project can say find_package(esmm) and link esmm::predict. Tested by tests/install.
if(TARGET esmm_predict)
  include(CMakePackageConfigHelpers)
  set(_esmm_package lib/cmake/esmm)

  target_compile_features(esmm_core INTERFACE cxx_std_20)  # the installed headers need it
  install(TARGETS esmm_core esmm_features esmm_predict EXPORT esmmTargets ARCHIVE DESTINATION lib)
  install(EXPORT esmmTargets NAMESPACE esmm:: DESTINATION ${_esmm_package})
  foreach(_folder core features)
    install(DIRECTORY "${CMAKE_SOURCE_DIR}/esmm/${_folder}" DESTINATION include/esmm FILES_MATCHING PATTERN "*.h")
  endforeach()
  install(FILES "${CMAKE_SOURCE_DIR}/esmm/predict/predictor.h" DESTINATION include/esmm/predict)

  configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/esmmConfig.cmake.in" "${CMAKE_BINARY_DIR}/esmmConfig.cmake"
    INSTALL_DESTINATION ${_esmm_package})
  write_basic_package_version_file("${CMAKE_BINARY_DIR}/esmmConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
  install(FILES "${CMAKE_BINARY_DIR}/esmmConfig.cmake" "${CMAKE_BINARY_DIR}/esmmConfigVersion.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/FindLibTorch.cmake" DESTINATION ${_esmm_package})

  if(ESMM_TESTS AND NOT ESMM_SANITIZE)
    add_test(NAME install COMMAND "${CMAKE_COMMAND}"
      "-DBUILD=${CMAKE_BINARY_DIR}" "-DGENERATOR=${CMAKE_GENERATOR}" -P "${CMAKE_SOURCE_DIR}/tests/install/run.cmake")
    set_tests_properties(install PROPERTIES LABELS install FIXTURES_SETUP installation)
  endif()
endif()
