/* Looks at a configuration in a process of its own (musterd --check-config), so that nothing in a file can end, hang or
 * bloat the daemon. */
#ifndef CHECK_CONFIG_H
#define CHECK_CONFIG_H

#include <stdbool.h>
#include <uv.h>

#define CHECK_CONFIG_OUTPUT 65536 /* bytes of problems that are kept */

/* done is called once: good says that there was nothing wrong, text what was printed (problems and warnings, a line
 * each), borrowed. Returns something to give check_config_cancel until then. */
struct check_config *check_config_start(uv_loop_t *loop, const char *file,
                                        void (*done)(void *context, bool good, const char *text), void *context);

/* Ends it, with what it has started; done is not called any more. The loop stays busy until that is over, a few seconds
 * at the most. */
void check_config_cancel(struct check_config *check);

#endif
