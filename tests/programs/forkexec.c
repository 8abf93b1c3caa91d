/*
 * forkexec COMMAND...: fork, exec, wait. The least that whatever stays beside
 * its child must do; hands its exit code back.
 */
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int status = 0;
	pid_t child = argc > 1 ? fork() : -1;

	if (!child) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
