/* One daemon or command at a time: DIR/lock. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "embedded_parts.h"

#define HOLDER_TRIES 50
#define HOLDER_POLL_MS 20

static const char *const role_names[] = {
	[EMBEDDED_DAEMON] = "daemon",
	[EMBEDDED_COMMAND] = "command",
};

/* "daicho daemon 4711"; a pid that does not live is of the one before. */
static bool
holder_read(int fd, struct embedded_holder *ret)
{
	char text[64], role[16];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	int pid = 0;

	if (n <= 0)
		return false;
	text[n] = '\0';
	if (sscanf(text, "daicho %15s %d", role, &pid) != 2 || pid <= 0)
		return false;
	ret->pid = pid;
	ret->role = str_eq(role, role_names[EMBEDDED_COMMAND]) ? EMBEDDED_COMMAND
								: EMBEDDED_DAEMON;
	return kill(pid, 0) == 0 || errno == EPERM;
}

static bool
holder_write(int fd, enum embedded_role role)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "daicho %s %ld\n", role_names[role], (long)getpid());

	/* never empty in between: the file also marks the directory as ours */
	return pwrite(fd, text, (size_t)n, 0) == n && ftruncate(fd, n) == 0;
}

enum embedded_lock
embedded_lock(struct embedded *e, enum embedded_role role, struct embedded_holder *ret_holder,
	      const char **ret_why)
{
	const char *path = arena_printf(e->arena, "%s/lock", e->dir);
	struct embedded_holder holder = {.pid = 0, .role = EMBEDDED_DAEMON};
	bool held;
	int i, fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0) {
		embedded_fail(ret_why, "%s cannot be opened: %s.", path, strerror(errno));
		return EMBEDDED_LOCK_FAILED;
	}
	held = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	if (!held && holder_write(fd, role)) {
		e->lock = fd;
		return EMBEDDED_LOCK_TAKEN;
	}
	if (!held) {
		embedded_fail(ret_why, "%s cannot be locked: %s.", path, strerror(errno));
		close(fd);
		return EMBEDDED_LOCK_FAILED;
	}
	for (i = 0; i < HOLDER_TRIES && !holder_read(fd, &holder); i++)
		embedded_pause(e, HOLDER_POLL_MS);
	close(fd);
	*ret_holder = holder;
	return EMBEDDED_LOCK_HELD;
}

void
embedded_unlock(struct embedded *e)
{
	if (e->lock >= 0)
		close(e->lock);
	e->lock = -1;
}
