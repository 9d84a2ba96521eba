/* https_server.py as a child of the test: it makes its certificates, and serves until it is stopped.
 *
 *     https_server_start();
 *     const char *port = https_server_fact("port.good");
 *     https_server_stop(); */
#ifndef HTTPS_SERVER_H
#define HTTPS_SERVER_H

/* Returns when it is ready; fails the test where it cannot be. */
void https_server_start(void);
void https_server_stop(void);

/* What it told under that name: "port.good", "file.root" (a CA in PEM), "fingerprint.good". Fails the test where there
 * is no such fact. */
const char *https_server_fact(const char *name);

#endif
