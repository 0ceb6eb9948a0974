using HlsCache.Testing;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Functions.Tests.Stage;

/// <summary>A clock that stands until a test moves it, and tells when somebody begins to wait on it.</summary>
internal sealed class TestClock() : FakeTimeProvider(Samples.Now)
{
    private readonly Lock gate = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<TimeSpan> waits = [];
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
            waits.Add(dueTime);
            changed.SetResult();
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return timer;
    }

    /// <summary>Returns when as many waits have begun since the clock was made.</summary>
    public Task WaitsAsync(int count) => UntilAsync(() => timers >= count);

    /// <summary>Returns when as many waits of that length have begun since the clock was made.</summary>
    public Task WaitsForAsync(TimeSpan length, int count = 1) => UntilAsync(() => waits.Count(wait => wait == length) >= count);

    private async Task UntilAsync(Func<bool> holds)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (holds())
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
