/* The heap of a process that is about to fork again and again. */
#ifndef PIECES_H
#define PIECES_H

/* Takes the small pieces of memory that were freed between what is still in use, and never gives them back: a fork that
 * put something into each would get a copy of each piece's page, hundreds of kilobytes for a few. What it allocates
 * then lies together at the heap's end. */
void pieces_take(void);

#endif
