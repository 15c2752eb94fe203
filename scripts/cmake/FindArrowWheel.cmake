# Finds Arrow and Parquet inside the pyarrow wheel of ESMM_VENV. Defines ArrowWheel::arrow and ArrowWheel::parquet.
file(GLOB _esmm_pyarrow "${ESMM_VENV}/lib/python3*/site-packages/pyarrow")
foreach(_name arrow parquet)
  file(GLOB _library "${_esmm_pyarrow}/lib${_name}.so.*00")
  set(ArrowWheel_${_name}_LIBRARY "${_library}")
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ArrowWheel
  REQUIRED_VARS ArrowWheel_arrow_LIBRARY ArrowWheel_parquet_LIBRARY
  REASON_FAILURE_MESSAGE "Run scripts/setup.sh: it installs the pyarrow wheel into ${ESMM_VENV}.")

foreach(_name arrow parquet)
  if(NOT TARGET ArrowWheel::${_name})
    add_library(ArrowWheel::${_name} INTERFACE IMPORTED)
    target_include_directories(ArrowWheel::${_name} SYSTEM INTERFACE "${_esmm_pyarrow}/include")
    target_link_options(ArrowWheel::${_name} INTERFACE "-Wl,-rpath,${_esmm_pyarrow}")
    target_link_libraries(ArrowWheel::${_name} INTERFACE "${ArrowWheel_${_name}_LIBRARY}")
  endif()
endforeach()
