using HlsCache.Functions;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddHlsCache();
var app = builder.Build();
app.MapHlsCache();
if (!await app.RunToEndAsync())
{
    Environment.ExitCode = 1;
}
