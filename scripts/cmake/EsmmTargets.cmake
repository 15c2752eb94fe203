# How the project's targets are declared. One folder = one esmm_library or esmm_test.
#
#   esmm_library(<folder> [TORCH] SOURCES <file>... DEPENDS <target>... [PRIVATE <target>...])
#   esmm_test(<folder> [TORCH] SOURCES <file>... DEPENDS <target>...)
#   esmm_program(<name> [TORCH] SOURCES <file>... DEPENDS <target>...)
#
# TORCH says that the sources include torch: they then share one precompiled header.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
find_program(ESMM_CCACHE ccache)
if(ESMM_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${ESMM_CCACHE}")
endif()

add_library(esmm_flags INTERFACE)
add_library(esmm::flags ALIAS esmm_flags)
target_compile_features(esmm_flags INTERFACE cxx_std_20)
target_compile_options(esmm_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion $<$<BOOL:${ESMM_WERROR}>:-Werror>)
if(ESMM_ASSERTIONS)
  target_compile_options(esmm_flags INTERFACE -UNDEBUG)
endif()
if(ESMM_SANITIZE)
  target_compile_options(esmm_flags INTERFACE -fsanitize=${ESMM_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(esmm_flags INTERFACE -fsanitize=${ESMM_SANITIZE})
endif()

# What each program is made of beside its own sources.
add_library(esmm_in_programs INTERFACE)
if(ESMM_SANITIZE MATCHES thread)
  add_library(esmm_openmp_for_tsan OBJECT "${CMAKE_SOURCE_DIR}/scripts/sanitizers/openmp_for_tsan.cc")
  target_link_libraries(esmm_openmp_for_tsan PRIVATE esmm::flags)
  target_sources(esmm_in_programs INTERFACE $<TARGET_OBJECTS:esmm_openmp_for_tsan>)
endif()

# The precompiled torch header, compiled once for all TORCH targets.
function(esmm_torch_header)
  file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/torch_header.cc" CONTENT "// Carries the precompiled header.\n")
  add_library(esmm_torch_header STATIC "${CMAKE_BINARY_DIR}/torch_header.cc")
  target_compile_options(esmm_torch_header PRIVATE -fpch-preprocess)
  target_link_libraries(esmm_torch_header PRIVATE esmm::flags LibTorch::LibTorch)
  target_precompile_headers(esmm_torch_header PRIVATE "${CMAKE_SOURCE_DIR}/scripts/cmake/torch_header.h")
endfunction()

# Sources that include much are compiled several at a time: reading the headers takes longer than the sources themselves.
function(_esmm_unity target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${ESMM_UNITY} UNITY_BUILD_BATCH_SIZE 6)
endfunction()

function(_esmm_use_torch target)
  if(NOT TARGET esmm_torch_header)
    esmm_torch_header()
  endif()
  # -fPIC also where CMake says -fPIE (programs): the header is compiled with it, and serves no other.
  target_compile_options(${target} PRIVATE -fpch-preprocess -fPIC)
  target_link_libraries(${target} PUBLIC LibTorch::LibTorch)
  target_precompile_headers(${target} REUSE_FROM esmm_torch_header)
  _esmm_unity(${target})
endfunction()

function(esmm_library folder)
  cmake_parse_arguments(arg "TORCH" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  set(target esmm_${folder})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(esmm::${folder} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${folder})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}> $<INSTALL_INTERFACE:include>)
  target_link_libraries(${target} PUBLIC ${arg_DEPENDS} PRIVATE $<BUILD_INTERFACE:esmm::flags> ${arg_PRIVATE})
  if(arg_TORCH)
    _esmm_use_torch(${target})
  endif()
endfunction()

function(esmm_program name)
  cmake_parse_arguments(arg "TORCH" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE esmm::flags esmm_in_programs ${arg_DEPENDS})
  if(arg_TORCH)
    _esmm_use_torch(${name})
  endif()
endfunction()

# Of tests that use torch: OpenMP's threads wait even more briefly than in the programs (apps/support/tune_process.h).
# Beside other work, a thread that spins takes the processor from the one that it waits for.
set(ESMM_TEST_ENVIRONMENT "GOMP_SPINCOUNT=2000")

function(esmm_test folder)
  cmake_parse_arguments(arg "TORCH" "" "SOURCES;DEPENDS" ${ARGN})
  set(target ${folder}_test)
  add_executable(${target} ${arg_SOURCES})
  target_include_directories(${target} PRIVATE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE esmm::flags esmm_in_programs esmm::test_support ${arg_DEPENDS})
  target_compile_definitions(${target} PRIVATE ESMM_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(arg_TORCH)
    _esmm_use_torch(${target})
  endif()
  _esmm_unity(${target})
  add_test(NAME ${folder} COMMAND ${target})
  set_tests_properties(${folder} PROPERTIES LABELS unit)
  if(arg_TORCH)
    set_tests_properties(${folder} PROPERTIES ENVIRONMENT "${ESMM_TEST_ENVIRONMENT}")
  endif()
endfunction()
