# Writes the rows {number, "name"} of cudaError from the toolkit's header.
# cmake -D HEADER=driver_types.h -D OUT=error_names.inc -P error_names.cmake
file(READ ${HEADER} text)
string(FIND "${text}" "enum __device_builtin__ cudaError\n" start)
string(SUBSTRING "${text}" ${start} -1 text)
string(FIND "${text}" "};" end)
string(SUBSTRING "${text}" 0 ${end} text)
string(REGEX MATCHALL "cuda(Error[A-Za-z0-9]+|Success) *= *[0-9]+" rows "${text}")
set(lines "")
foreach(row IN LISTS rows)
  string(REGEX REPLACE " *=.*" "" name "${row}")
  string(APPEND lines "{${name}, \"${name}\"},\n")
endforeach()
file(WRITE ${OUT} "${lines}")
