namespace HlsCache.Local;

/// <summary>Starts everything, waits for a signal or a death, and stops everything.</summary>
internal sealed class Launcher(Installation installation, LocalOptions options, StopSignals signals)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    /// <summary>Runs until it is told to stop; the answer says what went wrong, or is null.</summary>
    public async Task<string?> RunAsync()
    {
        if (options.Media is { } media && !Directory.Exists(media))
        {
            return $"The media directory {media} does not exist.";
        }

        using var @lock = DataLock.Take(options.Data);
        return @lock is null ? $"Another ./run is using {options.Data}; stop it or choose another --data." : Ports.Fault(options.Port) ?? await RunFamilyAsync();
    }

    private async Task<string?> RunFamilyAsync()
    {
        using var family = new Family();
        using var kill = signals.Kill.Register(family.Kill);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(signals.Stop, family.Died);
        Child? dead = null;
        try
        {
            await StartAsync(family, end.Token);
            await Task.Delay(Timeout.InfiniteTimeSpan, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            dead = signals.Stop.IsCancellationRequested ? null : family.Dead;
        }
        catch (TimeoutException e)
        {
            return e.Message;
        }
        finally
        {
            await family.StopAsync();
        }

        return dead?.Obituary;
    }

    private async Task StartAsync(Family family, CancellationToken cancellationToken)
    {
        var azurite = new Azurite(options.Data);
        (string, string)[] settings =
        [
            ("Storage__ConnectionString", azurite.ConnectionString),
            ("Queue__Kind", "StorageQueue"),
            // Looking is free here.
            ("Queue__PollMilliseconds", "50"),
            ("Sources__media__Path", options.Media ?? SampleFilm.Provide(installation, options.Data)),
        ];
        family.Add(Child.Start("azurite", azurite.Command(installation), [azurite.Accounts]));
        await WaitAsync("azurite", azurite.ListensAsync(cancellationToken), cancellationToken);

        using var app = new FunctionApp(options.Port);
        family.Add(Child.Start("app", [installation.Executable("HlsCache.Functions")], [.. settings, app.Address]));
        var encoders = Enumerable.Range(1, options.Encoders).Select(i => family.Add(StartEncoder($"encoder-{i}", settings))).ToList();
        await WaitAsync("app", app.HealthyAsync(cancellationToken), cancellationToken);
        foreach (var encoder in encoders)
        {
            await WaitAsync(encoder.Name, encoder.Ready, cancellationToken);
        }

        Console.WriteLine($"Ready: {app.Player}");
    }

    private Child StartEncoder(string name, (string, string)[] settings) =>
        Child.Start(name, [installation.Executable("HlsCache.Encoder")], [.. settings, ("Encoder__Name", name)], "Ready for work");

    private static async Task WaitAsync(string name, Task ready, CancellationToken cancellationToken)
    {
        try
        {
            await ready.WaitAsync(StartLimit, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{name} was not ready after {StartLimit.TotalMinutes} minutes.", e);
        }
    }
}
