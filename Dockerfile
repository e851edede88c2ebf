# The dashboard in a container:
#   docker build -t ai-colouriser . && docker run --rm -p 8501:8501 --memory 2g --cpus 2 ai-colouriser
# No system packages: the headless OpenCV wheel needs only the C and C++ libraries of the slim image.
FROM python:3.12-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

# Hugging Face Spaces runs every container as user 1000.
RUN useradd --create-home --uid 1000 colouriser
WORKDIR /app

# The requirements come first, so that a change of the code does not rebuild this slow layer.
COPY requirements.txt requirements-library.txt requirements-login.txt constraints.txt ./
RUN pip install -r requirements.txt -r requirements-login.txt

COPY . .
# The program's user downloads the weights of the larger network into model/ on request.
RUN chown colouriser model
# The file of the classes, for a volume: docker run -v ai-colouriser:/data ... Without a volume it goes with the
# container. It is not declared as one here, because each `docker run` would then leave another volume behind.
ENV COLORIZER_CLASS_DB=/data/class.sqlite3
RUN install -d -o colouriser -m 700 /data
USER colouriser

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["python", "-m", "streamlit", "run", "streamlit_app.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true"]
