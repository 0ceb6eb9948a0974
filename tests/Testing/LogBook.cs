using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace HlsCache.Testing;

/// <summary>Keeps everything that is logged, as text.</summary>
public sealed class LogBook : ILoggerProvider
{
    private readonly ConcurrentQueue<string> lines = new();
    private TaskCompletionSource changed = New();

    public IReadOnlyList<string> Lines => [.. lines];

    public string Text => string.Join('\n', lines);

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Add);

    /// <summary>Returns when a line that contains the text has been logged.</summary>
    public async Task SaysAsync(string text)
    {
        while (true)
        {
            var next = Volatile.Read(ref changed).Task;
            if (lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
            {
                return;
            }

            await next.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }
    }

    public void Dispose()
    {
    }

    private void Add(string line)
    {
        lines.Enqueue(line);
        Interlocked.Exchange(ref changed, New()).SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Logger(string category, Action<string> add) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            add($"{logLevel} {category} {formatter(state, exception)} {exception}");
    }
}
