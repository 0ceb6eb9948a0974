using HlsCache.Storage.Queues.ServiceBus;

namespace HlsCache.Storage.Tests;

public sealed class BackoffTests
{
    [Fact]
    public void It_doubles_up_to_half_a_minute_and_begins_anew_after_a_success()
    {
        var backoff = new Backoff();
        foreach (var most in new[] { 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30, 30 })
        {
            backoff.Next().TotalSeconds.ShouldBeInRange(most / 2, most);
        }

        backoff.Reset();
        backoff.Next().TotalSeconds.ShouldBeInRange(0.05, 0.1);
    }
}
