# All plugins, for who loads them by their path.
add_custom_target(plugins)

# muster_plugin(NAME SOURCE...): a plugin NAME.so that exports its entry symbol and nothing else.
function(muster_plugin name)
  add_library(plugin_${name} MODULE ${ARGN})
  target_link_libraries(plugin_${name} PRIVATE muster_abi)
  target_link_options(plugin_${name} PRIVATE -Wl,--version-script=${CMAKE_SOURCE_DIR}/plugins/plugin.map)
  set_target_properties(plugin_${name} PROPERTIES
    PREFIX "" OUTPUT_NAME ${name}
    LINK_DEPENDS ${CMAKE_SOURCE_DIR}/plugins/plugin.map
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  add_dependencies(plugins plugin_${name})
endfunction()
