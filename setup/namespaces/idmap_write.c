/* The maps of a user namespace come into force. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/list.h"
#include "lib/text.h"
#include "setup/namespaces/idmap_parts.h"
#include "setup/namespaces/unshare.h"
#include "sys/pidfd.h"
#include "sys/standard_streams.h"

static int write_proc(pid_t pid, const char *name, const struct text *data,
		      struct error *error)
{
	char path[48];
	struct text text = text_in(path, sizeof(path));

	text_addf(&text, "/proc/%d/%s", pid, name);
	return namespaces_write("namespaces", path, data,
				"may rind map these ids?", error);
}

/* One write: the kernel takes the whole map or nothing. */
static int write_map(const struct plan_map *map, const char *file, pid_t pid,
		     struct error *error)
{
	size_t size = (size_t)LINES_MAX * LINE_SIZE;
	struct text text = text_in(arena_alloc(size), size);

	for (; map; map = map->next) {
		idmap_describe(map, &text, " ");
		text_add(&text, "\n");
	}
	return write_proc(pid, file, &text, error);
}

/* newuidmap PID INSIDE OUTSIDE COUNT ..., setuid or with file capabilities. */
static int run_helper(const struct id_kind *kind, const struct plan_map *map,
		      const struct inherited *inherited, pid_t pid,
		      struct error *error)
{
	struct list words = { 0 };
	int status = 0;
	pid_t helper;

	list_add(&words, kind->helper);
	list_add_number(&words, pid);
	for (; map; map = map->next) {
		list_add_number(&words, map->inside);
		list_add_number(&words, map->outside);
		list_add_number(&words, map->count);
	}
	helper = pidfd_fork(0, &(int){ -1 });
	if (!helper) {
		signals_set_mask(inherited->mask);
		execv(words.items[0], words.items);
		_exit(errno == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN);
	}
	if (helper < 0 || waitpid(helper, &status, 0) != helper)
		return error_errno(error, "namespaces", kind->helper, NULL);
	if (!status)
		return 0;
	return error_set(error, "namespaces", kind->helper,
			 WIFEXITED(status) &&
					 WEXITSTATUS(status) == EXIT_NOT_FOUND
				 ? "not found"
				 : "it refused the map",
			 "more than one id as a user needs the package uidmap");
}

static int write_maps(const struct plan *plan,
		      const struct inherited *inherited, pid_t pid,
		      struct error *error)
{
	struct text deny = { .data = (char[]){ "deny" }, .length = 4 };

	if (!(plan->namespaces.unshare & CLONE_NEWUSER))
		return 0;
	for (int i = 0; i < 2; i++) {
		const struct plan_map *map = idmap_of(plan, &id_kinds[i]);
		uint32_t own = i ? inherited->gid : inherited->uid;
		bool privileged = idmap_may_write(&id_kinds[i], inherited);
		bool direct = privileged || idmap_is_single(map, own);

		/* The kernel's condition for a user's own gid_map, 3.19. */
		if (i && !privileged && direct &&
		    write_proc(pid, "setgroups", &deny, error))
			return -1;
		if (direct ? write_map(map, id_kinds[i].file, pid, error)
			   : run_helper(&id_kinds[i], map, inherited, pid,
					error))
			return -1;
	}
	return 0;
}

/* Where inside id 0 lies outside, or NULL. */
static const uint32_t *find_zero(const struct plan_map *map)
{
	for (; map; map = map->next)
		if (!map->inside)
			return &map->outside;
	return NULL;
}

/*
 * Root inside becomes the streams' owner, where that is another than root
 * outside, so that it can give them on to the app's user.
 */
static void give_streams(const struct plan *plan)
{
	const struct plan_namespaces *n = &plan->namespaces;
	const uint32_t *uid = find_zero(n->uid_map);
	const uint32_t *gid = find_zero(n->gid_map);

	if (n->unshare & CLONE_NEWUSER && uid && gid && *uid && !plan->explain)
		streams_give(*uid, *gid);
}

int setup_write_id_maps(const struct plan *plan,
			const struct inherited *inherited, pid_t pid,
			struct error *error)
{
	if (write_maps(plan, inherited, pid, error))
		return -1;
	give_streams(plan);
	return 0;
}

/*
 * What ID outside is inside; -1, which no user has, where it is not mapped:
 * geteuid(2) would give it the number of another (overflowuid, proc(5)).
 */
static uint32_t inside_of(const struct plan_map *map, uint32_t id)
{
	for (; map; map = map->next)
		if (id - map->outside < map->count)
			return map->inside + (id - map->outside);
	return (uint32_t)-1;
}

/*
 * Until then rind is a stranger in there, with an id that may not even be
 * mapped, and groups of the host. EPERM: setgroups is denied, and stays so.
 */
int setup_enter_user_namespace(const struct plan *plan,
			       struct inherited *inherited, struct error *error)
{
	const struct plan_namespaces *n = &plan->namespaces;
	const char *failed = NULL;

	if (!(n->unshare & CLONE_NEWUSER))
		return 0;
	if (find_zero(n->gid_map) && syscall(SYS_setresgid, 0, 0, 0))
		failed = "gid 0";
	else if (syscall(SYS_setgroups, 0, NULL) && errno != EPERM)
		failed = "groups";
	else if (find_zero(n->uid_map) && syscall(SYS_setresuid, 0, 0, 0))
		failed = "uid 0";
	inherited->uid = find_zero(n->uid_map)
				 ? 0
				 : inside_of(n->uid_map, inherited->uid);
	inherited->gid = find_zero(n->gid_map)
				 ? 0
				 : inside_of(n->gid_map, inherited->gid);
	return failed ? error_errno(error, "namespaces", failed, NULL) : 0;
}
