# Writes a function for every symbol that the real library exports and the stand-in does not: it stops the program
# with its name.
# cmake -D NM=nm -D REAL=libcudart.so.13 -D "OBJECTS=a.o;b.o" -D PREFIX=regex -D OUT=unsupported.cpp -P unsupported.cmake
function(defined_symbols out)
  execute_process(COMMAND ${NM} ${ARGN} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY ERROR_QUIET)
  string(REGEX MATCHALL "[0-9a-f]+ [TVWi] [A-Za-z0-9_]+" rows "${text}")
  list(TRANSFORM rows REPLACE ".* " "")
  set(${out} ${rows} PARENT_SCOPE)
endfunction()

defined_symbols(real -D --defined-only ${REAL})
defined_symbols(ours --defined-only ${OBJECTS})
list(FILTER real INCLUDE REGEX "${PREFIX}")
list(REMOVE_DUPLICATES real)
list(REMOVE_ITEM real ${ours})
list(SORT real)
set(text "#include \"libraries/unsupported.h\"\n\nextern \"C\" {\n\n")
foreach(name IN LISTS real)
  string(APPEND text "void ${name}() { stop_unsupported_symbol(\"${name}\"); }\n")
endforeach()
file(WRITE ${OUT} "${text}\n}\n")
