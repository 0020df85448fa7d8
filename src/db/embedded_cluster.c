/* What lies in the directory: lock, socket directory, cluster; and how the server is called. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "embedded_parts.h"

#define VERSION "15"
#define BIN_DIR "/usr/lib/postgresql/" VERSION "/bin"
#define PACKAGE "postgresql-" VERSION

static bool
is_bin(struct arena *arena, const char *dir)
{
	return access(arena_printf(arena, "%s/postgres", dir), X_OK) == 0 &&
	       access(arena_printf(arena, "%s/initdb", dir), X_OK) == 0;
}

/* PostgreSQL finds its own files from where it lies, so a link on the path must be followed. */
static const char *
bin_on_path(struct arena *arena, const char *path)
{
	const char *end, *found;
	char *dir;

	for (; *path != '\0'; path = *end == ':' ? end + 1 : end) {
		end = path + strcspn(path, ":");
		dir = arena_dup(arena, path, (size_t)(end - path));
		if (*dir != '/')
			continue;
		found = embedded_place_absolute(arena, arena_printf(arena, "%s/postgres", dir));
		if (found == NULL || access(found, X_OK) != 0)
			continue;
		dir = arena_dup(arena, found, (size_t)(strrchr(found, '/') - found));
		if (is_bin(arena, dir))
			return dir;
	}
	return NULL;
}

bool
embedded_bin_find(struct arena *arena, const char *fixed, const char *path, const char *named,
		  const char **ret, const char **ret_why)
{
	const char *dir = NULL;

	if (is_bin(arena, fixed))
		dir = fixed;
	if (dir == NULL && path != NULL)
		dir = bin_on_path(arena, path);
	if (dir == NULL && named != NULL && is_bin(arena, named))
		dir = named;
	if (dir == NULL)
		return embedded_fail(ret_why, "PostgreSQL " VERSION " is not installed: on Debian "
				     "and Ubuntu the package is " PACKAGE "; elsewhere let "
				     "DAICHO_PGBIN name the directory of postgres and initdb.");
	*ret = dir;
	return true;
}

/* A directory that nobody else can look into or has prepared for us. */
static bool
private_dir(const char *dir, const char **ret_why)
{
	struct stat st;

	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return embedded_fail(ret_why, "The directory %s cannot be made: %s.", dir,
				     strerror(errno));
	if (lstat(dir, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid())
		return embedded_fail(ret_why, "%s is not a directory of ours.", dir);
	if ((st.st_mode & 0777) != 0700 && chmod(dir, 0700) != 0)
		return embedded_fail(ret_why, "The directory %s cannot be closed to others.", dir);
	return true;
}

/* libpq and PostgreSQL read lists and quotes in the name; the address has a small fixed size. */
static bool
fits_socket(const char *run)
{
	struct sockaddr_un sun;
	char name[32];
	size_t n;
	const char *p;

	n = (size_t)snprintf(name, sizeof(name), "/.s.PGSQL.%d", EMBEDDED_PORT);
	for (p = run; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || strchr(",\"'\\", *p) != NULL)
			return false;
	return strlen(run) + n < sizeof(sun.sun_path);
}

void
embedded_cluster_names(struct embedded *e)
{
	uint8_t hash[crypto_generichash_BYTES];
	char hex[9];

	e->data = arena_printf(e->arena, "%s/data", e->dir);
	e->run = arena_printf(e->arena, "%s/run", e->dir);
	if (!fits_socket(e->run)) {
		crypto_generichash(hash, sizeof(hash), (const uint8_t *)e->dir, strlen(e->dir),
				   NULL, 0);
		hex_write(hash, 4, hex);
		e->run = arena_printf(e->arena, "/tmp/daicho-%ld-%s", (long)geteuid(), hex);
		e->run_is_far = true;
		embedded_say(e, "The name of the directory does not suit a socket; the socket is "
			     "in %s.", e->run);
	}
	e->conninfo = arena_printf(e->arena, "host='%s' port=%d dbname=postgres", e->run,
				   EMBEDDED_PORT);
	e->ping = arena_printf(e->arena, "%s user=" EMBEDDED_SUPERUSER " connect_timeout=2",
			       e->conninfo);
}

bool
embedded_run_make(struct embedded *e, const char **ret_why)
{
	return private_dir(e->run, ret_why);
}

/* Reads "15" from PG_VERSION; "" if it is not there. */
static void
version_read(struct embedded *e, const char *data, char *out, size_t size)
{
	FILE *f = fopen(arena_printf(e->arena, "%s/PG_VERSION", data), "re");

	out[0] = '\0';
	if (f == NULL)
		return;
	if (fgets(out, (int)size, f) != NULL)
		out[strcspn(out, "\n")] = '\0';
	fclose(f);
}

static bool
file_write(const char *path, const char *text)
{
	size_t n = strlen(text);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
	return close(fd) == 0 && ok;
}

/* Who may connect is decided by the modes of the directories; there is no other way in. */
static bool
access_write(struct embedded *e, const char *data, const char **ret_why)
{
	const char *path = arena_printf(e->arena, "%s/pg_hba.conf", data);
	const char *new = arena_printf(e->arena, "%s.new", path);

	if (file_write(new, "# written by daichod at each start\n"
			    "local all all trust\n"
			    "local replication all trust\n") &&
	    rename(new, path) == 0)
		return true;
	return embedded_fail(ret_why, "%s cannot be written: %s.", path, strerror(errno));
}

static bool
initdb_run(struct embedded *e, const char *data, const char **ret_why)
{
	/* it finds its other half from how it is called */
	const char *path = arena_printf(e->arena, "%s/initdb", e->bin);
	const char *argv[] = {path, "--pgdata", data, "--username", EMBEDDED_SUPERUSER,
			      "--encoding=UTF8", "--locale=C.UTF-8", "--lc-collate=C",
			      "--auth=trust", "--data-checksums", "--no-instructions", NULL};
	struct embedded_spawn spawn = {
		.path = path,
		.argv = (char **)argv,
		.dir = e->dir,
		.output = arena_printf(e->arena, "%s/log/initdb.log", e->dir),
		.parent_died = SIGKILL, /* what it made so far is thrown away anyhow */
	};
	pid_t pid = embedded_spawn(&spawn);
	char line[EMBEDDED_LINE_MAX];
	int status = -1;

	if (pid < 0)
		return embedded_fail(ret_why, "initdb cannot be started: %s.", strerror(errno));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			break;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (embedded_log_line(spawn.output, line))
		return embedded_fail(ret_why, "initdb failed (%s).", line);
	return embedded_fail(ret_why, "initdb failed; %s may say why.", spawn.output);
}

static bool
dir_sync(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

static bool
cluster_new(struct embedded *e, const char *new, const char **ret_why)
{
	char version[8];

	if (rmdir(e->data) != 0 && errno != ENOENT)
		return embedded_fail(ret_why, "%s is there but is no PostgreSQL cluster: move it "
				     "away or name another directory.", e->data);
	embedded_say(e, "Making a PostgreSQL cluster in %s.", e->data);
	if (!initdb_run(e, new, ret_why))
		return false;
	version_read(e, new, version, sizeof(version));
	if (!str_eq(version, VERSION))
		return embedded_fail(ret_why, "The PostgreSQL in %s is version %s; " VERSION
				     " is needed.", e->bin, version);
	if (!access_write(e, new, ret_why))
		return false;
	if (rename(new, e->data) != 0 || !dir_sync(e->dir))
		return embedded_fail(ret_why, "%s cannot be finished: %s.", e->data,
				     strerror(errno));
	return true;
}

/* A quarter of a gigabyte, but no more than an eighth of the machine. */
static int
shared_buffers_mb(void)
{
	int64_t mb = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) >> 20;

	mb /= 8;
	return mb > 256 ? 256 : mb < 16 ? 16 : (int)mb;
}

/*
 * On the command line, where neither the files of the cluster nor ALTER SYSTEM can undo them.
 */
static void
argv_make(struct embedded *e)
{
	static const char *const settings[] = {
		"listen_addresses=",
		"unix_socket_permissions=0700",
		"ssl=off",
		/* nothing that was acknowledged may be lost */
		"fsync=on",
		"synchronous_commit=on",
		"full_page_writes=on",
		"wal_compression=on",
		"max_wal_size=2GB",
		"max_connections=60",
		"max_prepared_transactions=0",
		"jit=off",
		"idle_in_transaction_session_timeout=60s",
		"client_connection_check_interval=1s",
		/* a week of logs that overwrite themselves */
		"logging_collector=on",
		"log_destination=stderr",
		"log_filename=postgresql-%a.log",
		"log_truncate_on_rotation=on",
		"log_rotation_age=1d",
		"log_rotation_size=0",
		"log_min_messages=warning",
		"log_checkpoints=off",
		"log_line_prefix=%m [%p] %u@%d ",
		"cluster_name=daicho",
	};
	struct arena *a = e->arena;
	char **v = arena_array(a, 2 * ARRAY_SIZE(settings) + 16, sizeof(*v));
	size_t i, n = 0;

	e->argv = v;
	v[n++] = arena_printf(a, "%s/postgres", e->bin);
	v[n++] = arena_strdup(a, "-D");
	v[n++] = arena_strdup(a, e->data);
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		v[n++] = arena_strdup(a, "-c");
		v[n++] = arena_strdup(a, settings[i]);
	}
	v[n++] = arena_strdup(a, "-c");
	v[n++] = arena_printf(a, "port=%d", EMBEDDED_PORT);
	v[n++] = arena_strdup(a, "-c");
	v[n++] = arena_printf(a, "unix_socket_directories=\"%s\"", e->run);
	v[n++] = arena_strdup(a, "-c");
	v[n++] = arena_printf(a, "log_directory=%s/log", e->dir);
	v[n++] = arena_strdup(a, "-c");
	v[n++] = arena_printf(a, "shared_buffers=%dMB", shared_buffers_mb());
}

bool
embedded_cluster_make(struct embedded *e, const char **ret_why)
{
	const char *new = arena_printf(e->arena, "%s/data.new", e->dir);
	char version[8];

	if (!embedded_bin_find(e->arena, BIN_DIR, getenv("PATH"), getenv("DAICHO_PGBIN"), &e->bin,
			       ret_why))
		return false;
	if (!private_dir(arena_printf(e->arena, "%s/log", e->dir), ret_why) ||
	    !embedded_run_make(e, ret_why))
		return false;
	if (!embedded_unfinished_remove(e, new, ret_why))
		return false;
	version_read(e, e->data, version, sizeof(version));
	if (version[0] == '\0' && !cluster_new(e, new, ret_why))
		return false;
	if (version[0] != '\0' && !str_eq(version, VERSION))
		return embedded_fail(ret_why, "The cluster in %s is of PostgreSQL %s; " VERSION
				     " is needed.", e->data, version);
	if (!access_write(e, e->data, ret_why))
		return false;
	argv_make(e);
	return true;
}
