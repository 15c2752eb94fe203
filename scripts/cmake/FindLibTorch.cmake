# Finds LibTorch: the folder ESMM_TORCH_DIR (include/ and lib/ inside), or the torch wheel in ESMM_VENV. Defines
# LibTorch::LibTorch, which links torch_cpu and c10 alone, and, where they are, LibTorch::CUDA: torch_cuda and c10_cuda.
# TorchConfig.cmake of a CUDA wheel insists on nvcc, and its include folder carries other projects' headers (fmt,
# protobuf), which must not shadow the system's: so we link a view of the include folder that holds only torch's own.
if(ESMM_TORCH_DIR)
  set(LibTorch_ROOT_DIR "${ESMM_TORCH_DIR}")
else()
  file(GLOB _esmm_torch_wheels "${ESMM_VENV}/lib/python3*/site-packages/torch")
  list(GET _esmm_torch_wheels 0 LibTorch_ROOT_DIR)
endif()

find_library(LibTorch_CPU_LIBRARY torch_cpu PATHS "${LibTorch_ROOT_DIR}/lib" NO_DEFAULT_PATH NO_CACHE)
find_library(LibTorch_C10_LIBRARY c10 PATHS "${LibTorch_ROOT_DIR}/lib" NO_DEFAULT_PATH NO_CACHE)

set(_version_header "${LibTorch_ROOT_DIR}/include/torch/headeronly/version.h")
if(NOT EXISTS "${_version_header}")
  set(_version_header "${LibTorch_ROOT_DIR}/include/torch/csrc/api/include/torch/version.h")
endif()
if(EXISTS "${_version_header}")
  file(STRINGS "${_version_header}" _version_lines REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
  string(REGEX MATCH "MAJOR ([0-9]+)" _ "${_version_lines}")
  set(_major "${CMAKE_MATCH_1}")
  string(REGEX MATCH "MINOR ([0-9]+)" _ "${_version_lines}")
  set(_minor "${CMAKE_MATCH_1}")
  string(REGEX MATCH "PATCH ([0-9]+)" _ "${_version_lines}")
  set(LibTorch_VERSION "${_major}.${_minor}.${CMAKE_MATCH_1}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_ROOT_DIR VERSION_VAR LibTorch_VERSION
  REASON_FAILURE_MESSAGE "Run scripts/setup.sh, or set ESMM_TORCH_DIR to a LibTorch 2.11 to 2.15 (the folder that holds include/ and lib/).")

if(LibTorch_VERSION VERSION_LESS 2.11 OR LibTorch_VERSION VERSION_GREATER_EQUAL 2.16)
  message(FATAL_ERROR "LibTorch ${LibTorch_VERSION} in ${LibTorch_ROOT_DIR} is not supported: expected 2.11 to 2.15. "
                      "Set ESMM_TORCH_DIR to one of those, or unset it and run scripts/setup.sh.")
endif()

if(NOT TARGET LibTorch::LibTorch)
  set(_view "${CMAKE_BINARY_DIR}/torch_include")
  file(MAKE_DIRECTORY "${_view}")
  foreach(_folder ATen c10 caffe2 torch)
    file(CREATE_LINK "${LibTorch_ROOT_DIR}/include/${_folder}" "${_view}/${_folder}" SYMBOLIC)
  endforeach()

  add_library(LibTorch::LibTorch INTERFACE IMPORTED)
  target_include_directories(LibTorch::LibTorch SYSTEM INTERFACE
    "${_view}" "${LibTorch_ROOT_DIR}/include/torch/csrc/api/include")
  target_compile_definitions(LibTorch::LibTorch INTERFACE _GLIBCXX_USE_CXX11_ABI=1)
  file(GLOB _cuda_runtime "${LibTorch_ROOT_DIR}/../nvidia/cu13/lib")
  target_link_options(LibTorch::LibTorch INTERFACE "-Wl,--no-as-needed" "-Wl,-rpath,${LibTorch_ROOT_DIR}/lib")
  if(_cuda_runtime)
    target_link_options(LibTorch::LibTorch INTERFACE "-Wl,-rpath-link,${_cuda_runtime}")
  endif()
  target_link_libraries(LibTorch::LibTorch INTERFACE "${LibTorch_CPU_LIBRARY}" "${LibTorch_C10_LIBRARY}")
  # at::parallel_for is a template: without this it runs its body on one thread in what we compile. The library is the
  # one that LibTorch brings and loads, so that there is one set of threads; it is looked for there before the system's.
  target_compile_options(LibTorch::LibTorch INTERFACE -fopenmp)
  find_library(LibTorch_OPENMP_LIBRARY NAMES libgomp.so.1 PATHS "${LibTorch_ROOT_DIR}/lib" NO_DEFAULT_PATH NO_CACHE)
  find_library(LibTorch_OPENMP_LIBRARY NAMES libgomp.so.1 gomp
    PATHS "/usr/lib/gcc/${CMAKE_LIBRARY_ARCHITECTURE}/${CMAKE_CXX_COMPILER_VERSION}" NO_CACHE)
  if(LibTorch_OPENMP_LIBRARY)
    target_link_libraries(LibTorch::LibTorch INTERFACE "${LibTorch_OPENMP_LIBRARY}")
  else()
    target_link_options(LibTorch::LibTorch INTERFACE -fopenmp)
  endif()
endif()

if(NOT TARGET LibTorch::CUDA)
  find_library(LibTorch_CUDA_LIBRARY torch_cuda PATHS "${LibTorch_ROOT_DIR}/lib" NO_DEFAULT_PATH NO_CACHE)
  find_library(LibTorch_C10_CUDA_LIBRARY c10_cuda PATHS "${LibTorch_ROOT_DIR}/lib" NO_DEFAULT_PATH NO_CACHE)
  if(LibTorch_CUDA_LIBRARY AND LibTorch_C10_CUDA_LIBRARY)
    add_library(LibTorch::CUDA INTERFACE IMPORTED)
    target_link_libraries(LibTorch::CUDA INTERFACE LibTorch::LibTorch "${LibTorch_CUDA_LIBRARY}" "${LibTorch_C10_CUDA_LIBRARY}")
  endif()
endif()
