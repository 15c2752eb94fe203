# Installs the build into a fresh prefix and builds the consumer against it in a folder of its own. tests/apps runs it on a
# trained model.
#   cmake -DBUILD=<build folder> -DGENERATOR=<generator> -P run.cmake
set(work "${BUILD}/install_test")
file(REMOVE_RECURSE "${work}")
file(COPY "${CMAKE_CURRENT_LIST_DIR}/consumer" DESTINATION "${work}")

function(run)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE code)
  if(NOT code EQUAL 0 OR output MATCHES "CMake Warning")
    message(FATAL_ERROR "failed (${code}): ${ARGN}\n${output}")
  endif()
endfunction()

# A consumer knows the prefix alone: nothing of the project's environment.
unset(ENV{ESMM_TORCH_DIR})
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${work}/prefix")
run("${CMAKE_COMMAND}" -S "${work}/consumer" -B "${work}/build" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${work}/prefix"
    -DCMAKE_BUILD_TYPE=Release)
run("${CMAKE_COMMAND}" --build "${work}/build")

# Headers and libraries of training, Arrow and YAML stay behind.
file(GLOB_RECURSE installed RELATIVE "${work}/prefix" "${work}/prefix/*")
foreach(file IN LISTS installed)
  if(file MATCHES "train|arrow|yaml|config/|data/|model/")
    message(FATAL_ERROR "installed, but no part of prediction: ${file}")
  endif()
endforeach()
