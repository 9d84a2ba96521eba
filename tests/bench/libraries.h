/* What a plugin that talks to vCenter or to Windows prepares: curl, OpenSSL with the system's CA store, expat, GSSAPI.
 */
#ifndef LIBRARIES_H
#define LIBRARIES_H

/* Once in a process. NULL, or what did not work. */
const char *libraries_prepare(void);

#endif
