# Run by a test with BUILD (our build folder), PROJECT (somebody else's sources), WORK (a folder to do it in), COMPILER,
# GENERATOR and FLAGS; PAGE is
# the manual's page that shows the test.
file(READ ${PAGE} page)
file(READ ${PROJECT}/journey_test.cpp text)
string(FIND "${page}" "${text}" found)
if(found EQUAL -1)
  message(FATAL_ERROR "${PAGE} shows another test than journey_test.cpp, which is built here")
endif()

file(REMOVE_RECURSE ${WORK})
set(run COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/installed ${run} OUTPUT_QUIET)
# Nothing of our sources may be needed: a copy elsewhere does not find them by chance.
file(COPY ${PROJECT} DESTINATION ${WORK})
execute_process(COMMAND ${CMAKE_COMMAND} -S ${WORK}/project -B ${WORK}/built -G ${GENERATOR}
  -DCMAKE_PREFIX_PATH=${WORK}/installed -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_FLAGS=${FLAGS} ${run})
execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/built ${run})
execute_process(COMMAND ${WORK}/built/journey_tests ${run})
execute_process(COMMAND ${WORK}/installed/bin/caravan test ${WORK}/project/workspace ${run})
