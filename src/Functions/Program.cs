using HlsCache.Functions;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddHlsCache();
var app = builder.Build();
app.MapHlsCache();
return await app.RunToEndAsync();
