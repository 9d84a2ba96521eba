/* What of the daemon's environment its plugin hosts get: what the libraries of plugins need, and nothing else. Whatever
 * else the daemon was started with (a unit's settings, a login's variables, a secret that somebody put there) stays
 * with it. */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

/* Those of the variables that pass, ended by NULL. The texts are borrowed; the array is to be freed with free(). */
char **environment_pick(char *const *variables);

#endif
