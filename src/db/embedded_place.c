/* Where the embedded server lives and as whom it runs. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include <base/privilege.h>
#include "embedded_parts.h"

#define STATE_DIR "/var/lib/daicho"
#define DIR_LENGTH_MAX 900 /* PostgreSQL's own paths end at 1,023 bytes */

struct owner {
	const char *name; /* NULL: not in the user database */
	uid_t uid;
	gid_t gid;
};

enum dir_kind { DIR_NONE, DIR_EMPTY, DIR_OURS, DIR_FOREIGN };

const char *
embedded_place_absolute(struct arena *arena, const char *path)
{
	char *head = arena_strdup(arena, path);
	const char *tail = "", *name, *whole;
	char *slash, *real;

	while ((real = realpath(head, NULL)) == NULL) {
		if (errno != ENOENT)
			return NULL;
		slash = strrchr(head, '/');
		name = slash == NULL ? head : slash + 1;
		if (str_eq(name, ".") || str_eq(name, "..") || (slash == NULL && *name == '\0'))
			return NULL;
		if (*name != '\0')
			tail = arena_printf(arena, "/%s%s", name, tail);
		if (slash == NULL)
			head = arena_strdup(arena, ".");
		else if (slash == head)
			head = arena_strdup(arena, "/");
		else
			*slash = '\0';
	}
	whole = arena_printf(arena, "%s%s", str_eq(real, "/") && *tail != '\0' ? "" : real, tail);
	free(real);
	return whole;
}

/* The part of path before the last slash. */
static const char *
parent_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == path ? "/" : arena_dup(arena, path, (size_t)(slash - path));
}

/* Only a child can tell for sure: access lists, mounts and modules have their say, too. */
static bool
user_can_enter(const struct owner *o, const char *dir)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0)
		_exit(privilege_drop(o->name, o->uid, o->gid) && chdir(dir) == 0 ? 0 : 1);
	if (pid < 0)
		return false;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/*
 * A directory is ours when it holds our lock: nothing that we make comes earlier.  *ret_empty: it
 * is there but nothing was written yet.
 */
static bool
has_our_lock(int dir, bool *ret_empty)
{
	char text[7] = "";
	struct stat st;
	ssize_t n = -1;
	int fd = openat(dir, "lock", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	*ret_empty = false;
	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		n = read(fd, text, sizeof(text) - 1);
	close(fd);
	*ret_empty = n == 0;
	return str_eq(text, "daicho");
}

static enum dir_kind
kind_of(int dir)
{
	enum dir_kind kind = DIR_EMPTY;
	struct dirent *d;
	bool bare_lock;
	DIR *list;
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	list = fd < 0 ? NULL : fdopendir(fd);
	if (list == NULL) {
		if (fd >= 0)
			close(fd);
		return DIR_FOREIGN;
	}
	if (has_our_lock(dir, &bare_lock))
		kind = DIR_OURS;
	while (kind == DIR_EMPTY && (d = readdir(list)) != NULL)
		if (!str_eq(d->d_name, ".") && !str_eq(d->d_name, "..") &&
		    !str_eq(d->d_name, "lost+found") && !(bare_lock && str_eq(d->d_name, "lock")))
			kind = DIR_FOREIGN;
	closedir(list);
	return kind;
}

/* *ret_fd is open when the kind is not DIR_NONE. */
static bool
look_at(const char *dir, enum dir_kind *ret_kind, int *ret_fd, struct stat *ret_st,
	const char **ret_why)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT) {
		*ret_kind = DIR_NONE;
		return true;
	}
	if (fd < 0)
		return embedded_fail(ret_why, "The directory %s cannot be opened: %s.", dir,
				     strerror(errno));
	if (fstat(fd, ret_st) != 0) {
		close(fd);
		return embedded_fail(ret_why, "The directory %s cannot be examined.", dir);
	}
	*ret_kind = kind_of(fd);
	*ret_fd = fd;
	return true;
}

static bool
owner_named(struct embedded *e, struct owner *ret, const char **ret_why)
{
	static const char *const usual[] = {"postgres", "nobody"};
	const struct passwd *pw = NULL;
	size_t i;

	if (e->conf.user != NULL)
		pw = getpwnam(e->conf.user);
	for (i = 0; e->conf.user == NULL && pw == NULL && i < ARRAY_SIZE(usual); i++)
		pw = getpwnam(usual[i]);
	if (pw == NULL)
		return embedded_fail(ret_why, "There is no user %s to run PostgreSQL as.",
				     e->conf.user != NULL ? e->conf.user : "postgres or nobody");
	if (pw->pw_uid == 0)
		return embedded_fail(ret_why, "PostgreSQL cannot run as %s, who is root.",
				     pw->pw_name);
	ret->name = arena_strdup(e->arena, pw->pw_name);
	ret->uid = pw->pw_uid;
	ret->gid = pw->pw_gid;
	return true;
}

/* Whoever made the cluster must run it: PostgreSQL accepts no other owner of its data. */
static bool
owner_of_data(struct embedded *e, const char *dir, const struct stat *st, struct owner *ret,
	      const char **ret_why)
{
	const struct passwd *pw;
	struct owner named;

	if (st->st_uid == 0)
		return embedded_fail(ret_why, "The data in %s belong to root, who cannot run "
				     "PostgreSQL: give them to one user (chown -R).", dir);
	if (e->conf.user != NULL) {
		if (!owner_named(e, &named, ret_why))
			return false;
		if (named.uid != st->st_uid)
			return embedded_fail(ret_why, "The data in %s belong to user %ld, not to "
					     "%s.", dir, (long)st->st_uid, named.name);
	}
	pw = getpwuid(st->st_uid);
	ret->name = pw == NULL ? NULL : arena_strdup(e->arena, pw->pw_name);
	ret->uid = st->st_uid;
	ret->gid = pw == NULL ? st->st_gid : pw->pw_gid;
	return true;
}

static bool
owner_pick(struct embedded *e, const char *dir, struct owner *ret, const char **ret_why)
{
	enum dir_kind kind;
	struct stat st;
	int fd = -1;

	if (!look_at(dir, &kind, &fd, &st, ret_why))
		return false;
	if (fd >= 0)
		close(fd);
	if (kind == DIR_OURS)
		return owner_of_data(e, dir, &st, ret, ret_why);
	return owner_named(e, ret, ret_why);
}

/* Makes what is missing of the way to dir; readable to all whatever the umask says. */
static bool
way_make(struct arena *arena, const char *dir)
{
	const char *parent;

	if (access(dir, F_OK) == 0)
		return true;
	parent = parent_of(arena, dir);
	if (!str_eq(parent, "/") && !way_make(arena, parent))
		return false;
	if (mkdir(dir, 0755) != 0)
		return errno == EEXIST;
	return chmod(dir, 0755) == 0;
}

/* Makes dir if need be and gives it, and nothing else, to its owner. */
static bool
claim(struct embedded *e, const char *dir, const struct owner *o, const char **ret_why)
{
	enum dir_kind kind;
	struct stat st;
	bool ok = false;
	int fd = -1;

	if (strlen(dir) > DIR_LENGTH_MAX)
		return embedded_fail(ret_why, "The name of the directory is too long.");
	if (!way_make(e->arena, parent_of(e->arena, dir)) ||
	    (mkdir(dir, 0700) != 0 && errno != EEXIST))
		return embedded_fail(ret_why, "The directory %s cannot be made: %s.", dir,
				     strerror(errno));
	if (!look_at(dir, &kind, &fd, &st, ret_why))
		return false;
	if (kind == DIR_FOREIGN || kind == DIR_NONE)
		embedded_fail(ret_why, "%s holds something else; name an empty or a new directory.",
			      dir);
	else if (st.st_uid != o->uid && (kind != DIR_EMPTY || geteuid() != 0))
		embedded_fail(ret_why, "%s belongs to another user (%ld): run as that one, or as "
			      "root.", dir, (long)st.st_uid);
	else if ((st.st_uid != o->uid && fchown(fd, o->uid, o->gid) != 0) || fchmod(fd, 0700) != 0)
		embedded_fail(ret_why, "%s cannot be given to user %ld: %s.", dir, (long)o->uid,
			      strerror(errno));
	else
		ok = true;
	if (fd >= 0)
		close(fd);
	return ok;
}

/* Stable for one DIR, so that the next start and the command line find it again. */
static const char *
state_dir(struct embedded *e, const char *dir)
{
	uint8_t hash[crypto_generichash_BYTES];
	const char *slash = strrchr(dir, '/');
	char hex[9];

	crypto_generichash(hash, sizeof(hash), (const uint8_t *)dir, strlen(dir), NULL, 0);
	hex_write(hash, 4, hex);
	return arena_printf(e->arena, STATE_DIR "/%.100s-%s", slash[1] == '\0' ? "root" : slash + 1,
			    hex);
}

/* The nearest directory above dir that exists. */
static const char *
ground_of(struct arena *arena, const char *dir)
{
	do
		dir = parent_of(arena, dir);
	while (access(dir, F_OK) != 0 && !str_eq(dir, "/"));
	return dir;
}

static bool
take_as_root(struct embedded *e, const char *dir, const char **ret_why)
{
	const char *state;
	struct owner o;

	if (!owner_pick(e, dir, &o, ret_why))
		return false;
	if (!user_can_enter(&o, ground_of(e->arena, dir))) {
		state = state_dir(e, dir);
		if (!owner_pick(e, state, &o, ret_why))
			return false;
		embedded_say(e, "%s is closed to the user that runs PostgreSQL; the data are in "
			     "%s instead.", dir, state);
		dir = state;
	}
	if (!claim(e, dir, &o, ret_why))
		return false;
	if (!privilege_drop(o.name, o.uid, o.gid))
		return embedded_fail(ret_why, "Root could not be given up for user %s.",
				     o.name == NULL ? "of the data" : o.name);
	embedded_say(e, "Running as user %s (%ld).", o.name == NULL ? "?" : o.name, (long)o.uid);
	e->dir = dir;
	return true;
}

static bool
take_as_self(struct embedded *e, const char *dir, const char **ret_why)
{
	struct owner o = {.uid = geteuid(), .gid = getegid()}, named;

	if (e->conf.user != NULL) {
		if (!owner_named(e, &named, ret_why))
			return false;
		if (named.uid != o.uid)
			return embedded_fail(ret_why, "Only root can run PostgreSQL as user %s.",
					     named.name);
	}
	if (!claim(e, dir, &o, ret_why))
		return false;
	e->dir = dir;
	return true;
}

bool
embedded_place_take(struct embedded *e, const char **ret_why)
{
	const char *dir = embedded_place_absolute(e->arena, e->conf.dir);
	bool ok;

	if (dir == NULL)
		return embedded_fail(ret_why, "The directory %s cannot be found: %s.", e->conf.dir,
				     strerror(errno));
	if (str_eq(dir, "/"))
		return embedded_fail(ret_why, "The root directory holds something else.");
	ok = geteuid() == 0 ? take_as_root(e, dir, ret_why) : take_as_self(e, dir, ret_why);
	if (ok && access(e->dir, R_OK | W_OK | X_OK) != 0)
		return embedded_fail(ret_why, "The directory %s cannot be used: %s.", e->dir,
				     strerror(errno));
	return ok;
}
