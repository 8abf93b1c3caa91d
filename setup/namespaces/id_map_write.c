/* The maps of a user namespace come into force. */
#include <errno.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/descriptor.h"
#include "lib/error.h"
#include "lib/list.h"
#include "lib/signals.h"
#include "lib/text.h"
#include "setup/namespaces/id_map_prepare.h"
#include "setup/namespaces/id_type.h"
#include "setup/namespaces/proc_file.h"
#include "setup/setup.h"
#include "sys/pidfd.h"
#include "sys/standard_streams.h"

/* No user has it: "no change" to the kernel. */
#define ID_UNMAPPED ((uint32_t)-1)

enum {
	LINE_SIZE = sizeof("4294967294 4294967294 4294967294\n")
};

/* --- from outside --- */

static int write_proc(pid_t pid, const char *name, const char *data,
		      struct error *error)
{
	char path[48];
	struct text text = text_in(path, sizeof(path));

	text_addf(&text, "/proc/%d/%s", pid, name);
	return proc_file_write("namespaces", path, data,
			       "leave out the id 0, or start rind with "
			       "CAP_SETFCAP",
			       error);
}

static int write_map(const struct id_map *map, const char *file, pid_t pid,
		     struct error *error)
{
	size_t size = (size_t)ID_MAP_LINES_MAX * LINE_SIZE;
	char *lines = arena_alloc(size);
	struct text text = text_in(lines, size);

	for (; map; map = map->next) {
		id_map_describe(map, " ", &text);
		text_add(&text, "\n");
	}
	return write_proc(pid, file, lines, error);
}

/* newuidmap PID [INSIDE OUTSIDE COUNT]..., newuidmap(1). */
static struct list helper_command(const char *helper, const struct id_map *map,
				  pid_t pid)
{
	struct list words = { 0 };

	list_add(&words, helper);
	list_add_number(&words, pid);
	for (; map; map = map->next) {
		list_add_number(&words, map->inside);
		list_add_number(&words, map->outside);
		list_add_number(&words, map->count);
	}
	return words;
}

/* newuidmap(1) is setuid root, or has file capabilities. */
static int run_helper(const char *helper, const struct id_map *map,
		      const struct inherited *inherited, pid_t pid,
		      struct error *error)
{
	struct list words = helper_command(helper, map, pid);
	int pidfd = -1;
	pid_t child = pidfd_fork(0, &pidfd);
	int status = 0;

	if (!child) {
		signals_set_mask(inherited->mask);
		execv(words.items[0], words.items);
		_exit(errno == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN);
	}
	close_keeping_errno(pidfd);
	if (child < 0 || waitpid(child, &status, 0) != child)
		return error_errno(error, "namespaces", helper, NULL);
	if (!status)
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NOT_FOUND)
		return error_set(error, "namespaces", helper, "not found",
				 "install the package uidmap, or map one id "
				 "alone");
	return error_set(error, "namespaces", helper, "the map was refused",
			 "make it setuid root, and start rind without "
			 "no_new_privs");
}

/*
 * Without CAP_SETGID a user may write a gid_map of the own gid only once
 * setgroups(2) is denied inside (Linux 3.19, CVE-2014-8989): else it could drop
 * a group that takes rights away.
 */
static int deny_setgroups(pid_t pid, struct error *error)
{
	return write_proc(pid, "setgroups", "deny", error);
}

static int write_map_of(enum id_type type, const struct plan *plan,
			const struct inherited *inherited, pid_t pid,
			struct error *error)
{
	const struct id_type_names *names = &id_type_names[type];
	const struct id_map *map = id_type_map(plan, type);

	if (id_type_may_map_any(inherited, type))
		return write_map(map, names->map_file, pid, error);
	if (!id_map_is_own(map, id_type_own(inherited, type)))
		return run_helper(names->helper, map, inherited, pid, error);
	if (type == ID_GID && deny_setgroups(pid, error))
		return -1;
	return write_map(map, names->map_file, pid, error);
}

/* The line that maps the inside id 0, or NULL. */
static const struct id_map *find_root(const struct id_map *map)
{
	while (map && map->inside)
		map = map->next;
	return map;
}

/*
 * Root inside becomes the streams' owner, where it is another user than root
 * outside, so that it can give them on to the app's user. --explain changes no
 * owner.
 */
static void give_streams(const struct plan *plan)
{
	const struct id_map *uid = find_root(plan->namespaces.uid_map);
	const struct id_map *gid = find_root(plan->namespaces.gid_map);

	if (uid && gid && uid->outside && !plan->explain)
		streams_give(uid->outside, gid->outside);
}

int setup_write_id_maps(const struct plan *plan,
			const struct inherited *inherited, pid_t pid,
			struct error *error)
{
	if (!(plan->namespaces.unshare & CLONE_NEWUSER))
		return 0;
	for (enum id_type type = 0; type < ID_TYPES; type++)
		if (write_map_of(type, plan, inherited, pid, error))
			return -1;
	give_streams(plan);
	return 0;
}

/* --- from inside --- */

/*
 * The inside id of rind, by its OUTSIDE one. geteuid(2) would give an id that
 * is not mapped the number of another user (overflowuid, proc_sys_kernel(5)).
 */
static uint32_t inside_id(const struct id_map *map, uint32_t outside)
{
	if (find_root(map))
		return 0;
	for (; map; map = map->next)
		if (outside - map->outside < map->count)
			return map->inside + (outside - map->outside);
	return ID_UNMAPPED;
}

/*
 * So far rind is a stranger inside, with an id that may not even be mapped, and
 * with groups of the host. EPERM: setgroups(2) is denied inside, for good.
 */
int setup_enter_user_namespace(const struct plan *plan,
			       struct inherited *inherited, struct error *error)
{
	const struct plan_namespaces *namespaces = &plan->namespaces;
	const char *failed = NULL;

	if (!(namespaces->unshare & CLONE_NEWUSER))
		return 0;
	if (find_root(namespaces->gid_map) && syscall(SYS_setresgid, 0, 0, 0))
		failed = "gid 0";
	else if (syscall(SYS_setgroups, 0, NULL) && errno != EPERM)
		failed = "groups";
	else if (find_root(namespaces->uid_map) &&
		 syscall(SYS_setresuid, 0, 0, 0))
		failed = "uid 0";
	if (failed)
		return error_errno(error, "namespaces", failed, NULL);
	inherited->uid = inside_id(namespaces->uid_map, inherited->uid);
	inherited->gid = inside_id(namespaces->gid_map, inherited->gid);
	return 0;
}
