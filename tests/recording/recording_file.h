/* Recorded replies: the files of a folder whose names end in .xml. */
#ifndef RECORDING_FILE_H
#define RECORDING_FILE_H

#include "str.h"

/* The bytes of one, named without its .xml; fails the test where it is not there. */
struct str recording_file_load(const char *folder, const char *name);

/* The next name in order of all there are; NULL after the last. Fails the test where the folder is not there. */
const char *recording_file_next(const char *folder, const char *name);

#endif
