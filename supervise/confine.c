/*
 * What PID 1 keeps: nothing, or CAP_KILL alone. It outlives every step of the
 * app's and is the one process that the app can always find, so it must be out
 * of reach and worth nothing.
 */
#include "supervise/confine.h"

#include <errno.h>
#include <linux/securebits.h>
#include <sched.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/log.h"
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

struct confinement confinement_to(const struct inherited *inherited,
				  uint64_t keep)
{
	return (struct confinement){
		.keep = inherited->permitted & keep,
		.uid = inherited->uid,
		.euid = inherited->uid,
		.gid = inherited->gid,
	};
}

/*
 * An app of another uid can be signalled with CAP_KILL; without it by a rind
 * whose effective uid is the app's. The app's right to signal rind goes by
 * rind's real and saved uids, and so does prlimit(2): they are others. --cap=
 * setuid and setuid programs take an app to a uid of its own choice.
 */
int confine_choose(const struct app *app, struct confinement *confinement,
		   struct error *error)
{
	const struct inherited *inherited = app->inherited;
	uid_t uid = app->identity.uid;
	bool has_setuid = app->capabilities & capset_bit(CAP_SETUID);

	*confinement = confinement_to(inherited, capset_bit(CAP_KILL));
	if (!app->plan->supervision.out_of_reach)
		return 0;
	confinement->can_leave = has_setuid ||
				 app->plan->confinement.allow_new_privs;
	if (confinement->can_leave && !confinement->keep)
		return error_set(error, "confine", "CAP_KILL",
				 has_setuid ? without_kill_setuid
					    : without_kill_new_privs,
				 "start rind with CAP_KILL: docker run "
				 "--cap-add=KILL");
	confinement->needs_spare_ids = uid == inherited->uid;
	if (!confinement->keep)
		confinement->euid = uid;
	/* The files of /proc/1 are root's otherwise, and the app is root. */
	confinement->dumpable = confinement->needs_spare_ids && !uid &&
				!confinement->can_leave && confinement->keep;
	return 0;
}

/*
 * Ids of nobody: of those that Debian reserves (Policy 9.2.2), and for user
 * namespaces that map fewer.
 */
static const uint32_t spare_ids[] = { 65531, 65530, 998, 997, 3, 2 };

static int take_gid(struct confinement *c, uint32_t gid)
{
	if (syscall(SYS_setresgid, gid, gid, gid))
		return -1;
	c->gid = gid;
	return 0;
}

/* With CAP_KILL no uid has to be the app's. */
static int take_uid(struct confinement *c, uint32_t uid)
{
	uint32_t euid = c->keep ? uid : c->euid;

	if (syscall(SYS_setresuid, uid, euid, uid))
		return -1;
	c->uid = uid;
	c->euid = euid;
	return 0;
}

/*
 * Has TAKE take the first spare id that is mapped (else it is EINVAL) and is
 * neither OWN nor the APPS. Where there is none, rind's stays. 0 or -1.
 */
static int take_spare(struct confinement *c, uint32_t own, uint32_t apps,
		      int take(struct confinement *, uint32_t))
{
	for (size_t i = 0; i < ARRAY_LENGTH(spare_ids); i++) {
		if (spare_ids[i] == own || spare_ids[i] == apps)
			continue;
		if (!take(c, spare_ids[i]))
			return 0;
		if (errno != EINVAL)
			return -1;
	}
	return 0;
}

/*
 * Where the uid stays the app's, rind can signal the app without CAP_KILL, and
 * does not need it for one that can become nobody else.
 */
static void keep_ids(struct confinement *c, const struct app *app)
{
	struct error error;

	c->dumpable = false;
	if (!c->can_leave)
		c->keep = 0;
	if (!app->plan->verbose)
		return;
	error_set(&error, "confine", "uid",
		  "PID 1 has that of the app, which may signal and renice it",
		  "start rind as root, with CAP_SETUID");
	log_line(error.line, LOG_NOW);
}

/*
 * A rind outside of a new PID namespace has PID 1's uid and, without CAP_KILL,
 * no other right to signal it; one outside of a new user namespace owns that.
 */
static bool outer_needs_uid(const struct app *app, const struct confinement *c)
{
	unsigned int unshare = app->plan->namespaces.unshare;

	return !c->keep && unshare & CLONE_NEWPID && !(unshare & CLONE_NEWUSER);
}

/*
 * The capabilities are needed until the bounding set is dropped: KEEP_CAPS
 * carries them over the change of uid (capabilities(7)). Some programs that
 * start rind have locked it: rind's uid stays then. 1, 0, or -1 with errno.
 */
static int keep_capabilities_over_setuid(void)
{
	int bits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);

	if (bits < 0)
		return -1;
	if (bits & SECBIT_KEEP_CAPS_LOCKED)
		return 0;
	return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) ? -1 : 1;
}

/* Rind's uid and gid are the app's: others, as far as there are any. */
static int take_spare_ids(const struct app *app, struct confinement *c,
			  bool may_setuid, bool may_setgid)
{
	const struct identity *id = &app->identity;

	if (may_setgid && take_spare(c, c->gid, id->gid, take_gid))
		return -1;
	if (may_setuid && !outer_needs_uid(app, c) &&
	    take_spare(c, c->uid, id->uid, take_uid))
		return -1;
	if (c->uid == id->uid)
		keep_ids(c, app);
	return 0;
}

static int take_ids(const struct app *app, struct confinement *c)
{
	const struct inherited *inherited = app->inherited;
	bool has_setuid = inherited->effective & capset_bit(CAP_SETUID);
	bool has_setgid = inherited->effective & capset_bit(CAP_SETGID);
	int keeps = 0;

	if (!c->needs_spare_ids && c->euid == c->uid)
		return 0;
	/* Refused in some user namespaces, where the groups are nobody's. */
	if (has_setgid)
		(void)ids_set_groups(0, NULL);
	if (has_setuid)
		keeps = keep_capabilities_over_setuid();
	if (keeps < 0)
		return -1;
	if (c->needs_spare_ids &&
	    take_spare_ids(app, c, keeps == 1, has_setgid))
		return -1;
	if (!c->needs_spare_ids &&
	    syscall(SYS_setresuid, c->uid, c->euid, c->uid))
		return -1;
	return capset_set(inherited->permitted, 0);
}

/*
 * Whether the fixups are locked. Where an outer program has locked NOROOT off,
 * that cannot be changed, and no_new_privs is what limits an exec.
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

/* As the kernel shows it: rind's own may not be mapped in its namespace. */
static uid_t shown(uid_t id)
{
	return id == (uid_t)-1 ? OVERFLOW_ID : id;
}

/* Read back from the kernel, as the app's process is (setup/verify.c). */
static bool is_confined(const struct app *app, const struct confinement *c)
{
	return ids_are(shown(c->uid), shown(c->euid), shown(c->gid)) &&
	       capset_is(c->keep, 0) &&
	       future_execs_are_limited(app, c->keep) &&
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
	       prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == c->dumpable;
}

/*
 * Returns NULL, or what failed with errno. Dumpable comes last: a change of
 * credentials sets it anew. Not dumpable means that
 * /proc/1/{mem,environ,root,fd} belong to the kernel's root and ptrace(2) is
 * refused, also to the same uid (PR_SET_DUMPABLE(2const)).
 */
static const char *give_up(const struct app *app, struct confinement *c,
			   const struct fd_array *kept)
{
	bool keep_streams = app->plan->supervision.keep_streams;

	c->dumpable |= keep_streams;
	if (chdir("/"))
		return "working directory";
	if (fds_close_all(keep_streams ? STDERR_FILENO + 1 : 0,
			  fds_next_in_array, kept))
		return "descriptors";
	if (take_ids(app, c))
		return "user";
	if (limit_future_execs(app, c->keep))
		return "bounding set";
	if (capset_set_ambient(0) || capset_set(c->keep, 0))
		return "capabilities";
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return "no_new_privs";
	if (prctl(PR_SET_DUMPABLE, c->dumpable, 0, 0, 0))
		return "dumpable";
	return NULL;
}

int confine(const struct app *app, struct confinement *confinement,
	    const int kept[], int count, struct error *error)
{
	const struct fd_array array = { kept, count };
	const char *failed = give_up(app, confinement, &array);

	if (failed)
		return error_errno(error, "confine", failed, NULL);
	if (!is_confined(app, confinement))
		return error_set(error, "confine", "rind itself",
				 "read-back mismatch",
				 "remove the system call filter that "
				 "fakes success");
	return 0;
}
