# Installs the build into a fresh prefix, builds the consumer against it in a folder of its own, and runs it on a small model.
#   cmake -DBUILD=<build folder> -DGENERATOR=<generator> -DWRITE_TINY_MODEL=<program> -P run.cmake
set(work "${BUILD}/install_test")
file(REMOVE_RECURSE "${work}")
file(COPY "${CMAKE_CURRENT_LIST_DIR}/consumer" DESTINATION "${work}")

function(run result)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "failed (${code}): ${ARGN}\n${output}")
  endif()
  set(${result} "${output}" PARENT_SCOPE)
endfunction()

# A consumer knows the prefix alone: nothing of the project's environment.
unset(ENV{ESMM_TORCH_DIR})
run(_ "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${work}/prefix")
run(_ "${CMAKE_COMMAND}" -S "${work}/consumer" -B "${work}/build" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${work}/prefix"
    -DCMAKE_BUILD_TYPE=Release)
run(_ "${CMAKE_COMMAND}" --build "${work}/build")

run(expected "${WRITE_TINY_MODEL}" "${work}/model.pt")
run(got "${work}/build/consumer" "${work}/model.pt" user=u1 hour=7.5 history=i2 history=i3 item=i4)
if(NOT got STREQUAL expected OR NOT got MATCHES "^pctr 0\\.[0-9]+ pcvr 0\\.[0-9]+ pctcvr 0\\.[0-9]+\n$")
  message(FATAL_ERROR "the consumer printed '${got}', the trained model says '${expected}'")
endif()

# Headers and libraries of training, Arrow and YAML stay behind.
file(GLOB_RECURSE installed RELATIVE "${work}/prefix" "${work}/prefix/*")
foreach(file IN LISTS installed)
  if(file MATCHES "train|arrow|yaml|config/|data/|model/")
    message(FATAL_ERROR "installed, but no part of prediction: ${file}")
  endif()
endforeach()
