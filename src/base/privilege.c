#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <base/privilege.h>

/* Real, effective and saved ids: one that was forgotten would be the way back. */
static bool
is_wholly(uid_t uid, gid_t gid)
{
	uid_t u[3];
	gid_t g[3];
	int i;

	if (getresuid(&u[0], &u[1], &u[2]) != 0 || getresgid(&g[0], &g[1], &g[2]) != 0)
		return false;
	for (i = 0; i < 3; i++)
		if (u[i] != uid || g[i] != gid)
			return false;
	return true;
}

bool
privilege_drop(const char *name, uid_t uid, gid_t gid)
{
	if (uid == 0 || (name != NULL ? initgroups(name, gid) : setgroups(1, &gid)) != 0)
		return false;
	if (setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0 || !is_wholly(uid, gid))
		return false;
	/* the proof of the pudding: it must not come back */
	if (setresuid(0, 0, 0) == 0 || seteuid(0) == 0)
		return false;
	return gid == 0 || setegid(0) != 0;
}

const char *
privilege_check(const char *user)
{
	const struct passwd *pw = user[0] == '\0' ? NULL : getpwnam(user);

	if (user[0] == '\0')
		return NULL;
	if (pw == NULL)
		return "user: there is no such user";
	return pw->pw_uid == 0 ? "user: root is whom to give up, not whom to become" : NULL;
}

const char *
privilege_leave(const char *user)
{
	const char *why = privilege_check(user);
	const struct passwd *pw;

	if (why != NULL)
		return why;
	if (user[0] == '\0')
		return geteuid() != 0 ? NULL : "started by root: say with `user` whom to become, "
			"or let that user start it";
	pw = getpwnam(user);
	if (pw == NULL)
		return "user: there is no such user";
	if (geteuid() != 0)
		return pw->pw_uid == geteuid() ? NULL : "user: only root can become another user";
	return privilege_drop(user, pw->pw_uid, pw->pw_gid) ? NULL :
		"user: root could not be given up";
}
