/* Any number of computers with one instance of SQL Server each, as far as discovery goes: every address of 127/8 has
 * SQL Server Browser at UDP 1434, which names one instance, and its port answers PRELOGIN. Each answer takes so long as
 * it is told. One process with one loop; it ends with this one. */
#ifndef BROWSERS_H
#define BROWSERS_H

#include <sys/types.h>

/* Ends the program where the ports cannot be bound. */
pid_t browsers_start(int delay_ms);
void browsers_stop(pid_t browsers);

#endif
