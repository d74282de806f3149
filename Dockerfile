# The course in a container, from the same lists of packages as everywhere:
#   docker build -t courseware .
#   docker run --rm -it -p 8888:8888 -v courseware:/work courseware
# and open the address with 127.0.0.1 that it prints. Copies of the lessons and progress are kept in the volume.
FROM python:3.12-slim

WORKDIR /course
COPY requirements.txt ./
COPY scripts/tools.txt scripts/
RUN pip install --no-cache-dir -r requirements.txt -r scripts/tools.txt

COPY . .
RUN pip install --no-build-isolation --no-deps -e .

RUN useradd --create-home learner && mkdir /work && chown learner /work
USER learner
ENV COURSEWARE_HOME=/work/progress COURSEWARE_WORK=/work/my_lessons
VOLUME /work
EXPOSE 8888
CMD ["course", "lab", "--ip", "0.0.0.0", "--port", "8888", "--no-browser"]
