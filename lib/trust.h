/* Whether nobody but root and this process's user can change a file: for plugins, hooks and configuration, which are
 * trusted code, for password files, and for the folder of the database.
 *
 * The answer is about this moment. It still holds at the next, because nobody else may change what it is about. */
#ifndef TRUST_H
#define TRUST_H

#include <stdbool.h>

struct err;

/* Symbolic links are followed first. Then path must be a regular file, and it, its folder and every folder above must
 * be owned by root or the effective user, and not be writable by others, nor by a group other than root's and the
 * effective one. A folder above the file's own may be writable by all if it has the sticky bit, as /tmp has. The
 * sentence names the exact path, what is wrong with it, and the command that mends it. */
bool trust_file(const char *path, struct err *err);

/* As trust_file, and this process may execute it. */
bool trust_program(const char *path, struct err *err);

/* As trust_file, and the file must not be open to its group or others in any way. */
bool trust_private(const char *path, struct err *err);

/* As trust_file, for a folder in which files are to be made: it and every folder above. */
bool trust_folder(const char *path, struct err *err);

#endif
