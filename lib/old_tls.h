/* Versions of TLS before 1.2. They are agreed to only where an option of the target allows it, and told each time: with
 * the scan, in the facts (sql.tls), in every report. */
#ifndef OLD_TLS_H
#define OLD_TLS_H

#include <stdbool.h>

/* Each of them, as OpenSSL names it. */
#define OLD_TLS_EACH(X) X("TLSv1") X("TLSv1.0") X("TLSv1.1")

/* Whether it is one of them. What is no version at all is none. */
bool old_tls_is(const char *version);

#endif
