/* The listening socket. */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include <base/util.h>

/*
 * "ADDR:PORT", "[ADDR]:PORT" or "unix:PATH".  *ret_path is the malloc'ed path of a Unix socket,
 * to be removed at the end, else NULL.  false: *ret_why, malloc'ed or static, says why.
 */
bool listen_open(const char *where, int *ret_fd, char **ret_path, const char **ret_why) MUST;

/* Port of a TCP socket, 0 of others. */
int listen_port(int fd);

#endif
