/* Files without a name: bodies of imports, and exports on their way out. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <http/server.h>

int
spool_open(const struct service *service)
{
	const char *dir = service->spool_dir != NULL ? service->spool_dir : "/tmp";
	char name[PATH_MAX];
	int fd;

	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd;
	/* a file system without nameless files: take the name away at once */
	if (snprintf(name, sizeof(name), "%s/spool-XXXXXX", dir) >= (int)sizeof(name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

struct scratch *
spool_scratch(const struct service *service)
{
	int fd = spool_open(service);

	return fd < 0 ? NULL : scratch_new(fd);
}
