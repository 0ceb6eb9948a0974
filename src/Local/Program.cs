using HlsCache.Local;

var installation = Installation.OfThisProgram;
var defaults = new LocalOptions(Port: 7071, Media: null, Data: Path.Combine(installation.Root, ".data"), Encoders: 1);
if (LocalOptions.Parse(args, defaults, Environment.CurrentDirectory, out var error) is not { } options)
{
    return await EndAsync(error, 2);
}

try
{
    using var signals = new StopSignals();
    return await EndAsync(await new Launcher(installation, options, signals).RunAsync(), 1);
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
{
    return await EndAsync(e.Message, 1);
}

static async Task<int> EndAsync(string? error, int code)
{
    await Console.Error.WriteAsync(error is null ? "" : $"run: {error}\n");
    return error is null ? 0 : code;
}
