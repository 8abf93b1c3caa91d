/*
 * What PID 1 keeps: nothing, or CAP_KILL alone. It outlives every step of the
 * app's and is the one process that the app can always find, so it must be out
 * of reach and worth nothing.
 */
#include "supervise/confine.h"

#include <errno.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "setup/setup.h"
#include "supervise/supervisor.h"
#include "sys/capset.h"
#include "sys/fds.h"
#include "sys/ids.h"

static const char without_kill_setuid[] =
	"missing, and with --cap=setuid the app can become a user that rind "
	"cannot signal";
static const char without_kill_new_privs[] =
	"missing, and with --allow-new-privs the app can become a user that "
	"rind cannot signal";

/*
 * An app of another uid can be signalled with CAP_KILL alone; an app of rind's
 * own uid, or of none that it may change to, without it. --cap=setuid and
 * setuid programs take an app to a uid of its own choice.
 */
int confine_choose(const struct app *app, enum confinement *confinement,
		   struct error *error)
{
	bool has_kill = app->inherited->permitted & capset_bit(CAP_KILL);
	bool has_setuid = app->capabilities & capset_bit(CAP_SETUID);
	bool can_leave = has_setuid || app->plan->confinement.allow_new_privs;
	bool same = app->identity.uid == app->inherited->uid;

	*confinement = has_kill ? CONFINE_TO_KILL : CONFINE_TO_NOTHING;
	if (!app->plan->supervision.out_of_reach)
		return 0;
	if (!can_leave && same)
		*confinement = CONFINE_TO_NOTHING;
	else if (!can_leave && !has_kill)
		*confinement = CONFINE_TO_APPS_USER;
	else if (!has_kill)
		return error_set(error, "confine", "CAP_KILL",
				 has_setuid ? without_kill_setuid
					    : without_kill_new_privs,
				 "start rind with CAP_KILL: docker run "
				 "--cap-add=KILL");
	return 0;
}

static int take_apps_user(const struct identity *id)
{
	if (syscall(SYS_setgroups, 0, NULL) ||
	    syscall(SYS_setresgid, id->gid, id->gid, id->gid) ||
	    syscall(SYS_setresuid, id->uid, id->uid, id->uid))
		return -1;
	return 0;
}

/*
 * Whether the securebits are locked already, by an outer rind: one with
 * --allow-new-privs has locked them without NOROOT.
 */
static bool securebits_are_locked(void)
{
	unsigned int locks = capset_locked_securebits(true);

	return (cap_get_secbits() & locks) == locks;
}

/*
 * Drops the bounding set but for KEEP, and locks the securebits. Without
 * CAP_SETPCAP rind may do neither; no_new_privs keeps both from mattering.
 */
static int limit_future_execs(const struct app *app, uint64_t keep)
{
	if (!app->has_setpcap)
		return 0;
	if (capset_drop_bounding(app->inherited->bounding & ~keep))
		return -1;
	if (!cap_set_secbits(capset_locked_securebits(false)))
		return 0;
	return errno == EPERM && securebits_are_locked() ? 0 : -1;
}

static bool future_execs_are_limited(const struct app *app, uint64_t keep)
{
	uint64_t bounding;

	if (!app->has_setpcap)
		return true;
	return !capset_read(CAPSET_BOUNDING, &bounding) &&
	       !(bounding & ~keep) && securebits_are_locked();
}

/* Read back from the kernel, as the app's process is (setup/verify.c). */
static bool is_confined(const struct app *app, enum confinement confinement,
			uint64_t keep, bool dumpable)
{
	if (confinement == CONFINE_TO_APPS_USER &&
	    !ids_are(app->identity.uid, app->identity.gid))
		return false;
	return capset_is(keep, 0) && future_execs_are_limited(app, keep) &&
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
	       prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == dumpable;
}

/*
 * Returns NULL, or what failed with errno. Dumpable comes last: a change of
 * credentials sets it anew. Not dumpable means that
 * /proc/1/{mem,environ,root,fd} belong to the kernel's root and ptrace(2) is
 * refused, also to the same uid (PR_SET_DUMPABLE(2const)).
 */
static const char *give_up(const struct app *app, enum confinement confinement,
			   uint64_t keep, const struct fd_array *kept)
{
	bool keep_streams = app->plan->supervision.keep_streams;

	if (chdir("/"))
		return "working directory";
	if (fds_close_all(keep_streams ? STDERR_FILENO + 1 : 0,
			  fds_next_in_array, kept))
		return "descriptors";
	if (limit_future_execs(app, keep))
		return "bounding set";
	if (confinement == CONFINE_TO_APPS_USER &&
	    take_apps_user(&app->identity))
		return "user";
	if (capset_set_ambient(0) || capset_set(keep, 0))
		return "capabilities";
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return "no_new_privs";
	if (prctl(PR_SET_DUMPABLE, keep_streams, 0, 0, 0))
		return "dumpable";
	return NULL;
}

int confine(const struct app *app, enum confinement confinement,
	    const int kept[], int count, struct error *error)
{
	uint64_t keep = confinement == CONFINE_TO_KILL ? capset_bit(CAP_KILL)
						       : 0;
	const struct fd_array array = { kept, count };
	const char *failed = give_up(app, confinement, keep, &array);

	if (failed)
		return error_errno(error, "confine", failed, NULL);
	if (!is_confined(app, confinement, keep,
			 app->plan->supervision.keep_streams))
		return error_set(error, "confine", "rind itself",
				 "read-back mismatch",
				 "remove the system call filter that "
				 "fakes success");
	return 0;
}
