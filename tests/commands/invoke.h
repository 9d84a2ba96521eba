/* The real program muster, run to its end. */
#ifndef INVOKE_H
#define INVOKE_H

struct invoked {
    int status;      /* exit status; -1 where a signal ended it */
    char *out, *err; /* what it wrote, on the heap */
};

/* words end with NULL. Its environment is empty but for MUSTER_CONFIG (config; NULL: not set). */
void invoke(struct invoked *invoked, const char *config, const char *const *words);
void invoke_finish(struct invoked *invoked);

#endif
