/* idle: nothing at all. What an empty static program costs. */
#include <unistd.h>

int main(void)
{
	for (;;)
		pause();
}
