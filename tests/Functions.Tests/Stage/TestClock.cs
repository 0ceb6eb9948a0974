using HlsCache.Testing;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Functions.Tests.Stage;

/// <summary>A clock that stands until a test moves it, and tells when somebody begins to wait on it.</summary>
internal sealed class TestClock() : FakeTimeProvider(Samples.Now)
{
    private readonly Lock gate = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int timers;

    /// <summary>How many waits have begun since the clock was made.</summary>
    public int Timers
    {
        get
        {
            lock (gate)
            {
                return timers;
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        lock (gate)
        {
            timers++;
            changed.SetResult();
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return timer;
    }

    /// <summary>Returns when as many waits have begun since the clock was made.</summary>
    public async Task WaitsAsync(int count)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (timers >= count)
                {
                    return;
                }

                next = changed.Task;
            }

            await next.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Moves the clock past the wait that has begun, and returns when the next one has.</summary>
    public async Task StepAsync(TimeSpan by)
    {
        int before;
        lock (gate)
        {
            before = timers;
        }

        Advance(by);
        await WaitsAsync(before + 1);
    }
}
