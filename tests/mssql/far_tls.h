/* The far end's side of TLS (far_end.h), blocking, until the other end closes. */
#ifndef FAR_TLS_H
#define FAR_TLS_H

#include "far_end.h"

void far_tls_inside(const struct far_port *port, int descriptor);
void far_tls_strict(const struct far_port *port, int descriptor);

#endif
