# How everything is compiled. Options are set by CMakePresets.json.
option(MUSTER_WERROR "Warnings are errors" OFF)
option(MUSTER_HARDEN "Hardened build for release" OFF)
option(MUSTER_FUZZ "Build the fuzzers (needs clang)" OFF)
set(MUSTER_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_C_FLAGS_DEBUG "-g -O1 -fno-omit-frame-pointer")
set(CMAKE_C_FLAGS_RELEASE "-g -O2")

include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

add_compile_definitions(_GNU_SOURCE)
add_compile_options(-Wall -Wextra -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wvla)
if(MUSTER_WERROR)
  add_compile_options(-Werror)
endif()

if(MUSTER_SANITIZE)
  add_compile_options(-fsanitize=${MUSTER_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MUSTER_SANITIZE})
endif()

# What the fuzzers need to see which way the code went; they alone are linked with the fuzzer itself.
if(MUSTER_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(MUSTER_HARDEN)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection
                      -fcf-protection=full)
  add_link_options(-Wl,-z,relro,-z,now -Wl,-z,noexecstack)
endif()

# For the code that all else stands on: lib/ and daemon/policy/.
set(MUSTER_STRICT -Wconversion -Wshadow)
